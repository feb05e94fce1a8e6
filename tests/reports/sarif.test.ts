import { Ajv } from 'ajv';
import type { Log } from 'sarif';
import { expect, test } from 'vitest';
// The schema that OASIS published, as Microsoft's SDK for SARIF ships it.
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { renderSarif } from '../../reports/sarif.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { acceptedReport, lostData, sampleReport, sampleSet } from './sample-report.ts';

const { $schema: _draft, id: _id, ...rules } = schema;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(rules);

function render(report = acceptedReport, prefix = ''): Log {
  return JSON.parse(renderSarif(report, { properties: ALL_PROPERTIES, prefix })) as Log;
}

test('should be valid by the schema of SARIF 2.1.0', () => {
  validate(render());
  expect(validate.errors).toBeNull();
});

test('should not be valid where it is changed: the schema is looked at', () => {
  expect(validate({ ...render(), version: '3' })).toBe(false);
});

test('should point at the statement with its region and the lines around it', () => {
  const [location] = render(sampleReport).runs[0]!.results![0]!.locations!;
  expect(location).toEqual({
    physicalLocation: {
      artifactLocation: { uri: 'db/migrations/0002_drop_legacy.sql', uriBaseId: '%SRCROOT%' },
      region: {
        startLine: 41,
        startColumn: 3,
        endLine: 42,
        endColumn: 24,
        snippet: { text: 'ALTER TABLE users\n  DROP COLUMN legacy_id' },
      },
      contextRegion: {
        startLine: 39,
        endLine: 44,
        snippet: {
          text: 'UPDATE users SET bio = NULL;\n\n  ALTER TABLE users\n  DROP COLUMN legacy_id;\n\nCOMMIT;',
        },
      },
    },
  });
});

test('should name files from the root of the repository', () => {
  const [result] = render(sampleReport, 'services/billing/').runs[0]!.results!;
  expect(result!.locations![0]!.physicalLocation!.artifactLocation!.uri).toBe(
    'services/billing/db/migrations/0002_drop_legacy.sql',
  );
});

test('should give the same failure the same fingerprint with other rows, at another line, on another version', () => {
  const fingerprints = (log: Log): unknown => log.runs[0]!.results![0]!.partialFingerprints;
  const finding = lostData.counterexample!.finding;
  const moved = {
    ...lostData,
    reason: 'lost in 2 rows',
    counterexample: {
      ...lostData.counterexample!,
      id: 'other',
      rows: 9,
      finding: { ...finding, at: { ...finding.at!, line: 7 } },
    },
  };
  const set = {
    ...sampleSet,
    engineVersion: '15.2',
    migrations: sampleSet.migrations.map((migration) => ({
      ...migration,
      results: migration.results.map((result) => (result === lostData ? moved : result)),
    })),
  };
  expect(fingerprints(render({ ...sampleReport, sets: [set] }))).toEqual(fingerprints(render(sampleReport)));
  const renamed = { ...sampleSet, migrations: sampleSet.migrations.map((migration) => ({ ...migration, name: 'x' })) };
  expect(fingerprints(render({ ...sampleReport, sets: [renamed] }))).not.toEqual(fingerprints(render(sampleReport)));
});

test('should suppress what was accepted, and keep it among the results', () => {
  const results = render().runs[0]!.results!;
  expect(results.map(({ suppressions }) => suppressions?.[0]?.justification ?? null)).toEqual([
    null,
    'it only asks for a lock (waived until 2027-01-31, palindrome.config.json waivers[0])',
    'known since 2026-11-01 (palindrome.baseline.json)',
  ]);
});

test('should tell what is inconclusive and what was not checked as notifications', () => {
  const [invocation] = render().runs[0]!.invocations!;
  expect(invocation).toMatchObject({ executionSuccessful: true, exitCode: 1 });
  const told = invocation!.toolExecutionNotifications!.map(({ level, message }) => `${level}: ${message.text}`);
  expect(
    told.filter((line) => line.startsWith('warning: db/migrations/0002_drop_legacy: rerun-idempotent')),
  ).toHaveLength(1);
  expect(told).toContain('note: Not checked: Migrations were not run under concurrent traffic.');
});

test('should describe each property that was asked as a rule, and no other', () => {
  const { rules: told } = render().runs[0]!.tool.driver;
  const asked = new Set(
    acceptedReport.sets[0]!.migrations.flatMap(({ results }) => results.map(({ property }) => property)),
  );
  expect(new Set(told!.map(({ id }) => id))).toEqual(asked);
  for (const { ruleId, ruleIndex } of render().runs[0]!.results!) expect(told![ruleIndex!]!.id).toBe(ruleId);
});

test.each(Object.entries(HOSTILE))('should stay valid with %s in every name, row and message', (_what, text) => {
  const log = render(hostileReport(text));
  validate(log);
  expect(validate.errors).toBeNull();
  const uri = log.runs[0]!.results![0]!.locations![0]!.physicalLocation!.artifactLocation!.uri!;
  expect(uri).toMatch(/^(?:[A-Za-z0-9\-._~!*'()/]|%[0-9A-F]{2})+$/u);
  // oxlint-disable-next-line no-control-regex
  expect(JSON.stringify(log).match(/\\u001b|[\u0080-\u009F\u202A-\u202E\u2066]/giu)).toBeNull();
});
