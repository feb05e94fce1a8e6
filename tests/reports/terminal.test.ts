import path from 'node:path';
import { expect, test } from 'vitest';
import type { Report, ReportSet } from '../../harness/core/report.ts';
import { makeStyle } from '../../reports/style.ts';
import { createTerminalReporter } from '../../reports/terminal.ts';
import { widthOf } from '../../reports/fit.ts';
import { lostData, sampleEvents, sampleReport, sampleSet } from './sample-report.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'goldens', name);

function print(report: Report, look: { width?: number; color?: boolean; unicode?: boolean } = {}): string {
  let out = '';
  const reporter = createTerminalReporter({
    style: makeStyle({ width: 100, color: false, unicode: true, ...look }),
    isLive: false,
    out: (text) => (out += text),
    err: () => undefined,
    now: () => 0,
  });
  for (const event of sampleEvents(report)) reporter.onEvent(event);
  return out;
}

function withDataset(set: ReportSet, columns: readonly string[], row: readonly (string | null)[]): Report {
  const counterexample = {
    ...lostData.counterexample!,
    dataset: { tables: [{ table: 't', columns, rows: [row] }] },
  };
  const migrations = set.migrations.map((migration) => ({
    ...migration,
    results: migration.results.map((result) => (result === lostData ? { ...lostData, counterexample } : result)),
  }));
  return { ...sampleReport, sets: [{ ...set, migrations }] };
}

test('should print every verdict, the failure in full, and the sums', async () => {
  await expect(print(sampleReport)).toMatchFileSnapshot(golden('falsified.txt'));
});

test('should print the same in ASCII and in 60 columns', async () => {
  await expect(print(sampleReport, { width: 60, unicode: false })).toMatchFileSnapshot(golden('narrow-ascii.txt'));
});

test('should be short where everything held', async () => {
  const migrations = sampleSet.migrations.slice(0, 1);
  const generation = { proposedRows: 9, refusedRows: 0, tables: [], refusals: [], emptyTables: [] };
  const report: Report = {
    ...sampleReport,
    run: { ...sampleReport.run, exitCode: 0 },
    sets: [{ ...sampleSet, migrations, notes: [], generation }],
    limits: [],
  };
  await expect(print(report)).toMatchFileSnapshot(golden('held.txt'));
});

test('should tell once what kept several migrations from being judged', () => {
  const [first] = sampleSet.migrations;
  const unjudged = (name: string, reason: string) => ({
    ...first!,
    name,
    results: first!.results.map((result) => ({
      ...result,
      verdict: 'inconclusive' as const,
      clause: null,
      reason,
      notes: [],
      counterexample: null,
    })),
  });
  const migrations = [
    unjudged('2_a', 'no function F'),
    unjudged('3_b', 'no function F'),
    unjudged('4_c', 'no function G'),
  ];
  const out = print({ ...sampleReport, sets: [{ ...sampleSet, migrations }] });
  const lines = out
    .split('\n')
    .filter((line) => /2_a|3_b|4_c|everything/.test(line))
    .slice(0, 5);
  const n = first!.results.length;
  expect(lines.map((line) => line.replaceAll(/\s+/g, ' ').trim())).toEqual([
    expect.stringContaining(`? 2_a ${n} inconclusive`),
    '? everything: no function F',
    expect.stringContaining(`? 3_b ${n} inconclusive, for the same reason`),
    expect.stringContaining(`? 4_c ${n} inconclusive`),
    '? everything: no function G',
  ]);
});

test('should colour only where colour is wanted', () => {
  expect(print(sampleReport)).not.toContain('\u001B');
  expect(print(sampleReport, { color: true })).toContain('\u001B[31m');
});

test('should let no control character of the data reach the terminal', () => {
  const printed = print(
    withDataset({ ...sampleSet }, ['id', 'e\u001B[2Jvil'], ['1', 'x\u001B]0;title\u0007\u202Ey\u009Bz\u0000']),
  );
  // oxlint-disable-next-line no-control-regex
  expect(printed.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/u);
  expect(printed).toContain(String.raw`\x1b]0;title\x07\u{202e}y\x9bz\x00`);
});

test('should keep lines within the width, but for the table of properties and what is there to be copied', () => {
  const isOfTable = /^ {2}(?:property|applies|[a-z]+(?:-[a-z]+)+|by hand|  -- palindrome:) /u;
  for (const width of [60, 80, 120]) {
    const lines = print(sampleReport, { width }).split('\n');
    expect(lines.filter((line) => widthOf(line) > width && !isOfTable.test(line))).toEqual([]);
  }
});

test('should tell NULL, the empty text and the text NULL apart', () => {
  const printed = print(withDataset(sampleSet, ['a', 'b', 'c', 'd'], [null, '', 'NULL', ' x']));
  const cells = printed.split('\n').find((line) => line.includes("'NULL'") && line.includes("''"));
  expect(cells?.split('│').map((cell) => cell.trim())).toEqual(['NULL', "''", "'NULL'", "' x'"]);
});

test('should print the literals of SQLite as they are', () => {
  const set = { ...sampleSet, dialect: 'sqlite' as const };
  const printed = print(withDataset(set, ['a', 'b'], ["'it''s'", "X'00ff'"]));
  expect(printed).toContain("'it''s' │ X'00ff'");
});

test('should turn a table that is too wide, and say how long a cut value is', () => {
  const columns = Array.from({ length: 12 }, (_, at) => `column_${at}`);
  const row = columns.map((name) => `${name} ${'x'.repeat(300)}`);
  const printed = print(withDataset(sampleSet, columns, row), { width: 80 });
  expect(printed).toContain('row 1');
  expect(printed).toMatch(/column_11 {2}column_11 x+… \(310\)/u);
});

test('should redraw one line on a terminal and take it away before results', () => {
  const written: string[] = [];
  let clock = 0;
  const reporter = createTerminalReporter({
    style: makeStyle({ width: 80, color: false, unicode: true }),
    isLive: true,
    out: (text) => written.push(`out:${text}`),
    err: (text) => written.push(`err:${text}`),
    now: () => clock,
  });
  const [started, setStarted, migrationStarted, finished] = sampleEvents();
  for (const event of [started!, setStarted!, migrationStarted!]) reporter.onEvent(event);
  written.length = 0;
  const progress = (casesDone: number) =>
    reporter.onEvent({
      type: 'progress',
      set: 'migrations',
      migration: '0001_create_users',
      casesDone,
      casesPlanned: 100,
      phase: 'checking',
    });
  clock = 1000;
  progress(50);
  clock = 1010;
  progress(51);
  reporter.onEvent(finished!);
  expect(written[0]).toBe(
    'err:\r\u001B[2K━━━───────────── 16%  0001_create_users  50 of 100 cases · 50/s · 5.0 s left',
  );
  expect(written[1]).toBe('err:\r\u001B[2K');
  expect(written[2]).toMatch(/^out:✓ 0001_create_users/u);
  expect(written).toHaveLength(3);
});

test('should write plain progress at most twice a minute where lines cannot be redrawn', () => {
  let err = '';
  let clock = 0;
  const reporter = createTerminalReporter({
    style: makeStyle({ width: 80, color: false, unicode: true }),
    isLive: false,
    out: () => undefined,
    err: (text) => (err += text),
    now: () => clock,
  });
  for (const event of sampleEvents().slice(0, 3)) reporter.onEvent(event);
  for (clock = 0; clock < 70_000; clock += 100)
    reporter.onEvent({
      type: 'progress',
      set: 'migrations',
      migration: '0001_create_users',
      casesDone: 1,
      casesPlanned: 100,
      phase: 'shrinking',
    });
  expect(err.split('\n')).toHaveLength(3);
  expect(err).not.toContain('\u001B');
});

test('should put notes on standard error', () => {
  let err = '';
  const reporter = createTerminalReporter({
    style: makeStyle({ width: 80, color: false, unicode: true }),
    isLive: false,
    out: () => expect.unreachable(),
    err: (text) => (err += text),
    now: () => 0,
  });
  reporter.onEvent({ type: 'note', message: 'kept: postgres://localhost/x' });
  expect(err).toBe('note: kept: postgres://localhost/x\n');
});
