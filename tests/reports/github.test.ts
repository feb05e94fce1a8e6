import { expect, test } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { createGithubReporter, renderAnnotations } from '../../reports/github.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { acceptedReport, sampleEvents, sampleReport } from './sample-report.ts';

test('should annotate the statement, in words, with the command that shows it again', () => {
  const [first] = renderAnnotations(sampleReport, 'services/billing/').split('\n');
  expect(first).toBe(
    '::error file=services/billing/db/migrations/0002_drop_legacy.sql,line=41,endLine=42,' +
      'title=0002_drop_legacy%3A rollback-restores/data::' +
      'public.users.legacy_id lost its value in 1 row after up and down%0A' +
      'Statement 2 of the up is where it is lost.%0AThe down cannot bring it back.%0ASee it again: palindrome replay k3x9q2m0ab',
  );
});

test('should give accepted failures as notices, and all that is inconclusive as one warning', () => {
  const lines = renderAnnotations(acceptedReport, '').trimEnd().split('\n');
  expect(lines.map((line) => /^::(?<kind>[a-z]+) /u.exec(line)?.groups?.['kind'])).toEqual([
    'error',
    'notice',
    'notice',
    'warning',
  ]);
  expect(lines.at(-1)).toContain('title=2 results inconclusive::rerun-idempotent: no case had a row');
});

test('should say where the run did not come to its end', () => {
  const report: Report = {
    ...sampleReport,
    sets: [],
    run: { ...sampleReport.run, exitCode: 3, stoppedBecause: 'x: 100%' },
  };
  expect(renderAnnotations(report, '')).toBe(
    '::error title=The run did not come to its end::the harness or its environment failed: x: 100%25\n',
  );
});

test('should switch workflow commands off until the annotations, and add the summary', async () => {
  const printed: string[] = [];
  const summary: string[] = [];
  const reporter = createGithubReporter({
    write: async (text) => void printed.push(text),
    appendSummary: async (text) => void summary.push(text),
    prefix: '',
    guard: { word: 'a-word', print: (text) => printed.push(text) },
  });
  for (const event of sampleEvents(hostileReport('\n::error::owned'))) {
    reporter.onEvent(event);
    if (event.type === 'set-started') printed.push('\n::error::owned\n');
  }
  await reporter.close();
  expect(printed[0]).toBe('::stop-commands::a-word\n');
  expect(printed[1]).toBe('\n::error::owned\n');
  expect(printed[2]).toBe('::a-word::\n');
  expect(printed[3]).toMatch(/^::error file=/u);
  expect(summary[0]).toMatch(/^## Palindrome: a property was falsified/u);
});

test('should switch workflow commands on again where the run breaks off', async () => {
  let printed = '';
  const reporter = createGithubReporter({
    write: async () => expect.unreachable(),
    appendSummary: null,
    prefix: '',
    guard: { word: 'a-word', print: (text) => (printed += text) },
  });
  reporter.onEvent(sampleEvents()[0]!);
  await reporter.close();
  expect(printed).toBe('::stop-commands::a-word\n::a-word::\n');
});

test.each(Object.entries(HOSTILE))('should print no command but its own with %s everywhere', (_what, text) => {
  const lines = renderAnnotations(hostileReport(text), '').trimEnd().split('\n');
  expect(lines).toHaveLength(renderAnnotations(acceptedReport, '').trimEnd().split('\n').length);
  for (const line of lines) {
    // A value ends at a comma or at the second pair of colons; neither may come from a text.
    const parts = /^::(?:error|notice|warning) (?<values>[^:]*)::(?<message>[^\r\n]*)$/u.exec(line);
    expect(parts, line).not.toBeNull();
    const keys = parts!.groups!['values']!.split(',').map((value) => value.split('=')[0]);
    expect(keys.every((key) => ['file', 'line', 'endLine', 'col', 'endColumn', 'title'].includes(key!))).toBe(true);
    // oxlint-disable-next-line no-control-regex
    expect(line).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2028\u2066]/u);
  }
});
