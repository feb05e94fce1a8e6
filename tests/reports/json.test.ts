import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { PalindromeError } from '../../harness/core/errors.ts';
import type { AnyCells, Explanation } from '../../harness/core/explanation.ts';
import type { CatalogChange } from '../../harness/core/catalog.ts';
import { LAYOUT_NAMES } from '../../harness/core/migration.ts';
import { PROPERTY_IDS, VERDICTS } from '../../harness/core/property.ts';
import type { Finding, TableDifference } from '../../harness/core/property.ts';
import type {
  GenerationSummary,
  Report,
  ReportBaseline,
  ReportCounterexample,
  ReportMigration,
  ReportResult,
  ReportRun,
  ReportSet,
  ReportWaiver,
} from '../../harness/core/report.ts';
import type { DatabaseFault, FaultClass, StatementRef } from '../../harness/core/trace.ts';
import { createJsonReporter, renderJson } from '../../reports/json.ts';
import { writeReport } from '../../reports/write-report.ts';
import schema from '../../reports/report.schema.json' with { type: 'json' };
import { sampleEvents, sampleReport, sampleSet } from './sample-report.ts';

const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

/** Every key of a type, held complete by the compiler: a key that is added to the type must be added here. */
type Keys<Type> = Readonly<Record<keyof Type, true>>;
type Altered = Extract<CatalogChange, { change: 'altered' }>;
type Presence = Exclude<CatalogChange, Altered>;

const report: Keys<Report> = {
  format: true,
  tool: true,
  run: true,
  sets: true,
  limits: true,
  fuzz: true,
  comparison: true,
};
const run: Keys<ReportRun> = {
  verb: true,
  seed: true,
  exitCode: true,
  durationMs: true,
  stoppedBecause: true,
  shard: true,
};
const set: Keys<ReportSet> = {
  name: true,
  path: true,
  layout: true,
  dialect: true,
  engineVersion: true,
  provider: true,
  notes: true,
  migrations: true,
  generation: true,
  dataset: true,
  waivers: true,
  baseline: true,
};
const migration: Keys<ReportMigration> = {
  position: true,
  id: true,
  name: true,
  upFile: true,
  downFile: true,
  upSha256: true,
  downSha256: true,
  durationMs: true,
  results: true,
};
const result: Keys<ReportResult> = {
  property: true,
  clause: true,
  verdict: true,
  cases: true,
  rows: true,
  discarded: true,
  reason: true,
  notes: true,
  objects: true,
  accepted: true,
  counterexample: true,
};
const counterexample: Keys<ReportCounterexample> = {
  id: true,
  file: true,
  repro: true,
  rows: true,
  shrinks: true,
  dataset: true,
  finding: true,
  steps: true,
  anyValue: true,
  explanation: true,
  interleaving: true,
  history: true,
  replay: true,
};
const finding: Keys<Finding> = {
  clause: true,
  message: true,
  object: true,
  catalogChanges: true,
  tableDifferences: true,
  fault: true,
  at: true,
  wayOut: true,
};
const tableDifference: Keys<TableDifference> = {
  table: true,
  columns: true,
  missing: true,
  extra: true,
  changed: true,
};
const fault: Keys<DatabaseFault> = {
  code: true,
  class: true,
  message: true,
  detail: true,
  hint: true,
  constraint: true,
  table: true,
  column: true,
};
const faultClasses: Readonly<Record<FaultClass, true>> = {
  'not-null': true,
  unique: true,
  'foreign-key': true,
  check: true,
  exclusion: true,
  'other-constraint': true,
  value: true,
  'already-exists': true,
  'missing-object': true,
  'dependent-objects': true,
  syntax: true,
  permission: true,
  raised: true,
  deadlock: true,
  timeout: true,
  'transaction-state': true,
  'missing-extension': true,
  'missing-function': true,
  other: true,
};
const statement: Keys<StatementRef> = { file: true, number: true, of: true, line: true, column: true, text: true };
const generation: Keys<GenerationSummary> = {
  proposedRows: true,
  refusedRows: true,
  tables: true,
  refusals: true,
  emptyTables: true,
};
const catalogAlteration: Keys<Altered> = {
  change: true,
  kind: true,
  name: true,
  table: true,
  attribute: true,
  expected: true,
  actual: true,
};
const catalogPresence: Keys<Presence> = { change: true, kind: true, name: true, table: true, attributes: true };

const waiver: Keys<ReportWaiver> = {
  migration: true,
  property: true,
  clause: true,
  object: true,
  reason: true,
  expires: true,
  owner: true,
  from: true,
  status: true,
};
const baseline: Keys<ReportBaseline> = { file: true, known: true, fixed: true, open: true };

const anyCells: Keys<AnyCells> = { table: true, row: true, columns: true };
const explanation: Keys<Explanation> = { sentences: true, brokenBy: true, excerpt: true };

const types = {
  anyCells,
  explanation,
  waiver,
  baseline,
  run,
  set,
  migration,
  result,
  counterexample,
  finding,
  tableDifference,
  fault,
  statement,
  generation,
  catalogAlteration,
  catalogPresence,
};

/** Keys of a counterexample that only some scenarios have something for. */
const MAY_BE_ABSENT = ['interleaving', 'history'];

test.each(Object.entries(types))('should describe the same keys in the schema as in the type: %s', (name, keys) => {
  const described = (schema.$defs as unknown as Record<string, { properties: object; required: string[] }>)[name]!;
  expect(Object.keys(described.properties).toSorted()).toEqual(Object.keys(keys).toSorted());
  expect(described.required.toSorted()).toEqual(
    Object.keys(keys)
      .filter((key) => !MAY_BE_ABSENT.includes(key))
      .toSorted(),
  );
});

test('should describe the same top-level keys and the same words', () => {
  expect(Object.keys(schema.properties).toSorted()).toEqual(Object.keys(report).toSorted());
  expect(schema.$defs.result.properties.property.enum).toEqual([...PROPERTY_IDS]);
  expect(schema.$defs.result.properties.verdict.enum).toEqual([...VERDICTS]);
  expect(schema.$defs.fault.properties.class.enum.toSorted()).toEqual(Object.keys(faultClasses).toSorted());
  expect(schema.$defs.set.properties.layout.enum).toEqual([...LAYOUT_NAMES]);
});

test('should accept a report with every kind of verdict', () => {
  validate(JSON.parse(renderJson(sampleReport)));
  expect(validate.errors).toBeNull();
});

test.each<[string, object]>([
  ['an unknown key', { ...sampleReport, extra: 1 }],
  ['another format', { ...sampleReport, format: 'palindrome-report/2' }],
  ['a missing key', { ...sampleReport, limits: undefined }],
  [
    'a clause on a verdict that is not falsified',
    {
      ...sampleReport,
      sets: [
        {
          ...sampleSet,
          migrations: [
            { ...sampleSet.migrations[0], results: [{ ...sampleSet.migrations[0]!.results[0], clause: 'x' }] },
          ],
        },
      ],
    },
  ],
])('should refuse %s', (_what, wrong) => {
  expect(validate(JSON.parse(JSON.stringify(wrong)))).toBe(false);
});

test('should give the same text whatever the order in which keys were set', () => {
  const reversed = JSON.parse(JSON.stringify(sampleReport), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value,
  ) as Report;
  expect(Object.keys(reversed)[0]).not.toBe('format');
  expect(renderJson(reversed)).toBe(renderJson(sampleReport));
  expect(renderJson(sampleReport).startsWith('{\n  "format": "palindrome-report/1",\n  "tool"')).toBe(true);
});

test('should write nothing where the run never finished', async () => {
  const reporter = createJsonReporter(() => expect.unreachable());
  for (const event of sampleEvents().slice(0, -1)) reporter.onEvent(event);
  await reporter.close();
});

test('should leave the old report and no other file where a new one cannot be written', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-report-'));
  const file = path.join(folder, 'report.json');
  await mkdir(file);
  await writeFile(path.join(file, 'old'), 'old');
  const thrown: unknown = await writeReport(file, 'new').catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(PalindromeError);
  expect(thrown).toMatchObject({ code: 'report-not-written', kind: 'environment' });
  expect(await readdir(folder)).toEqual(['report.json']);
  expect(await readFile(path.join(file, 'old'), 'utf8')).toBe('old');
  await rm(folder, { recursive: true });
});
