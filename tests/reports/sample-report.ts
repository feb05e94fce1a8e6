/** A report made by hand that holds every kind of verdict, and values that are hard to print. */
import type { CampaignEvent } from '../../harness/core/events.ts';
import type { Report, ReportMigration, ReportResult, ReportSet } from '../../harness/core/report.ts';
import { sha256 } from '../../harness/core/hash.ts';
import { PLAIN } from '../../harness/layouts/tools.ts';

function makeResult(property: string, over: Partial<ReportResult> = {}): ReportResult {
  return {
    property,
    clause: null,
    verdict: 'held',
    cases: 100,
    rows: 412,
    discarded: 3,
    reason: 'held in 100 cases',
    notes: [],
    objects: [],
    accepted: null,
    counterexample: null,
    ...over,
  };
}

export const lostData: ReportResult = makeResult('rollback-restores', {
  clause: 'data',
  verdict: 'falsified',
  cases: 37,
  reason: 'public.users.legacy_id lost its value in 1 row after up and down',
  counterexample: {
    id: 'k3x9q2m0ab',
    file: '.palindrome/counterexamples/k3x9q2m0ab.json',
    repro: '.palindrome/counterexamples/k3x9q2m0ab.repro.sql',
    rows: 3,
    shrinks: 12,
    dataset: {
      tables: [
        {
          table: 'public.users',
          columns: ['id', 'legacy_id', 'email', 'bio'],
          rows: [
            ['1', 'a', '', null],
            ['2', 'NULL', ' padded ', 'two\nlines'],
          ],
        },
        { table: 'public."Order"', columns: ['id', 'user_id', 'note'], rows: [['9007199254740993', '1', '日本語 😀']] },
      ],
    },
    finding: {
      clause: 'data',
      message: 'public.users.legacy_id lost its value in 1 row after up and down',
      object: 'public.users.legacy_id',
      catalogChanges: [
        {
          change: 'missing',
          kind: 'index',
          name: 'public.users_legacy_id_key',
          table: 'public.users',
          attributes: {
            definition: 'CREATE UNIQUE INDEX users_legacy_id_key ON public.users (legacy_id)',
            valid: 'true',
          },
        },
        {
          change: 'altered',
          kind: 'column',
          name: 'public.users.legacy_id',
          table: 'public.users',
          attribute: 'default',
          expected: "'none'::text",
          actual: null,
        },
        { change: 'extra', kind: 'enum', name: 'public.mood', table: null, attributes: { 'label order': 'sad, ok' } },
      ],
      tableDifferences: [
        {
          table: 'public.users',
          columns: ['id', 'legacy_id'],
          missing: [['2', 'NULL']],
          extra: [
            ['2', null],
            ['3', ''],
          ],
          changed: [{ key: ['1'], column: 'legacy_id', expected: 'a', actual: null }],
        },
      ],
      fault: {
        code: '23502',
        class: 'not-null',
        message: 'column "legacy_id" of relation "users" contains null values',
        detail: 'Failing row contains (1, null).',
        hint: null,
        constraint: null,
        table: 'users',
        column: 'legacy_id',
      },
      at: {
        file: 'db/migrations/0002_drop_legacy.sql',
        number: 2,
        of: 3,
        line: 41,
        column: 3,
        text: 'ALTER TABLE users\n  DROP COLUMN legacy_id',
      },
      wayOut: '-- palindrome: lossy users.legacy_id because <why it may be lost>',
    },
    steps: ['load the rows → 3 rows', 'up completed → 3 rows', 'down completed → 3 rows'],
    anyValue: [{ table: 'public.users', row: 0, columns: ['id', 'email'] }],
    explanation: {
      sentences: ['Statement 2 of the up is where it is lost.', 'The down cannot bring it back.'],
      brokenBy: {
        direction: 'up',
        statement: {
          file: 'db/migrations/0002_drop_legacy.sql',
          number: 2,
          of: 3,
          line: 41,
          column: 3,
          text: 'ALTER TABLE users\n  DROP COLUMN legacy_id',
        },
      },
      excerpt: {
        file: 'db/migrations/0002_drop_legacy.sql',
        firstLine: 39,
        lines: ['UPDATE users SET bio = NULL;', '', '  ALTER TABLE users', '  DROP COLUMN legacy_id;', '', 'COMMIT;'],
        from: 41,
        to: 42,
      },
    },
    replay: 'palindrome replay k3x9q2m0ab',
  },
});

const emptyGeneration = { proposedRows: 900, refusedRows: 0, tables: [], refusals: [], emptyTables: [] };

const create: ReportMigration = {
  position: 1,
  id: '0001',
  name: '0001_create_users',
  upFile: 'db/migrations/0001_create_users.sql',
  downFile: 'db/migrations/0001_create_users_down.sql',
  upSha256: sha256('1 up'),
  downSha256: sha256('1 down'),
  durationMs: 812,
  results: [makeResult('applies'), makeResult('rollback-restores'), makeResult('has-effect')],
};

const drop: ReportMigration = {
  position: 2,
  id: '0002',
  name: '0002_drop_legacy',
  upFile: 'db/migrations/0002_drop_legacy.sql',
  downFile: 'db/migrations/0002_drop_legacy_down.sql',
  upSha256: sha256('2 up'),
  downSha256: sha256('2 down'),
  durationMs: 2400,
  results: [
    makeResult('applies', { notes: ['column public.users.email moved from position 3 to 2'] }),
    lostData,
    makeResult('rerun-idempotent', {
      verdict: 'inconclusive',
      reason: 'no case had a row in public.audit_log with a fractional microsecond, so nothing can be said about it',
    }),
    makeResult('reapply-converges', {
      verdict: 'inconclusive',
      reason: 'no case had a row in public.audit_log with a fractional microsecond, so nothing can be said about it',
    }),
  ],
};

const irreversible: ReportMigration = {
  position: 3,
  id: '0003',
  name: '0003_"quoted" naïve name',
  upFile: 'db/migrations/0003_"quoted" naïve name.sql',
  downFile: null,
  upSha256: sha256('3 up'),
  downSha256: null,
  durationMs: 120,
  results: [
    makeResult('applies'),
    makeResult('rollback-restores', { verdict: 'inapplicable', cases: 0, rows: 0, reason: 'there is no down script' }),
    makeResult('reapply-converges', { verdict: 'inapplicable', cases: 0, rows: 0, reason: 'there is no down script' }),
    makeResult('chain-unwinds', { cases: 40 }),
  ],
};

export const sampleSet: ReportSet = {
  waivers: [],
  baseline: null,
  dataset: {
    source: 'staging.sql',
    what: 'dump of a PostgreSQL 17 database',
    after: '0001_create_users',
    usedFor: ['0002_drop_legacy', '0003_"quoted" naïve name'],
    hasSalt: true,
    tables: [{ table: 'public.users', rows: 1200, taken: 500, loaded: 498 }],
    columns: [
      { table: 'public.users', column: 'id', by: 'guess', kind: 'uuid', masked: 498, kept: 0, nulls: 0 },
      { table: 'public.users', column: 'email', by: 'rule', kind: 'email', masked: 490, kept: 0, nulls: 8 },
    ],
    leftOut: [{ table: 'public.users', reason: 'users_age_check (check) refused what masking made', rows: 2 }],
    notes: ['owners, grants and comments of the dump were left out'],
  },
  name: 'migrations',
  path: 'db/migrations',
  layout: 'plain',
  dialect: 'postgres',
  engineVersion: '17.10',
  provider: 'embedded',
  notes: ['0003 has no down script'],
  migrations: [create, drop, irreversible],
  generation: {
    ...emptyGeneration,
    refusedRows: 240,
    refusals: [{ table: 'public.users', constraint: 'users_email_check', refused: 240, proposed: 1200, rate: 0.2 }],
    emptyTables: [{ table: 'public.audit_log', reason: 'a trigger refuses every row' }],
  },
};

export const sampleReport: Report = {
  format: 'palindrome-report/1',
  tool: { name: 'palindrome', version: '0.1.0' },
  run: { verb: 'verify', seed: 42, exitCode: 1, durationMs: 3400, stoppedBecause: 'finished', shard: null },
  sets: [sampleSet],
  limits: ['Migrations were not run under concurrent traffic.'],
};

/** The events of the run behind the report; the last migration's chain result comes after it, as in a real run. */
export function sampleEvents(report: Report = sampleReport): readonly CampaignEvent[] {
  return [
    { type: 'run-started', verb: 'verify', seed: report.run.seed, sets: report.sets.length },
    ...report.sets.flatMap(eventsOf),
    { type: 'run-finished', report },
  ];
}

function eventsOf(set: ReportSet): readonly CampaignEvent[] {
  const migrations = set.migrations.map(({ id, name, upFile, upSha256 }) => ({
    id,
    name,
    up: { file: upFile, text: '', sha256: upSha256, transaction: 'autocommit' as const, chunks: [] },
    down: null,
    declarations: {
      lossy: [],
      irreversible: null,
      preconditions: [],
      maps: [],
      rowChanges: [],
      claims: [],
      rerun: null,
      ignore: [],
      waivers: [],
    },
  }));
  const { name, path, layout, dialect } = set;
  return [
    {
      type: 'set-started',
      set: {
        name,
        path,
        layout,
        dialect,
        migrations,
        keepsLedger: false,
        tool: PLAIN,
        sqliteForeignKeys: true,
        notes: [],
      },
      engine: { dialect, version: set.engineVersion, major: '17', provider: set.provider },
      casesPerMigration: 100,
      why: 'embedded: PostgreSQL 17.10; not container: no engine answered',
    },
    ...set.migrations.flatMap((migration, index): CampaignEvent[] => [
      { type: 'migration-started', set: name, migration: migration.name, index, total: set.migrations.length },
      {
        type: 'migration-finished',
        set: name,
        migration: { ...migration, results: migration.results.filter(({ property }) => property !== 'chain-unwinds') },
      },
    ]),
    { type: 'set-finished', set },
  ];
}

/** The same with a failure that is waived, one that is known, and what became of the others. */
export const acceptedReport: Report = {
  ...sampleReport,
  sets: [
    {
      ...sampleSet,
      waivers: [
        {
          migration: '0003_"quoted" naïve name',
          property: 'has-effect',
          clause: null,
          object: null,
          reason: 'it only asks for a lock',
          expires: '2027-01-31',
          owner: 'the data team',
          from: 'palindrome.config.json waivers[0]',
          status: 'used',
        },
      ],
      baseline: {
        file: 'palindrome.baseline.json',
        known: 1,
        fixed: [{ migration: '0001_create_users', property: 'applies', clause: 'rejects', object: 'users' }],
        open: 0,
      },
      migrations: sampleSet.migrations.map((migration, at) =>
        at < 2
          ? migration
          : {
              ...migration,
              results: [
                ...migration.results,
                makeResult('has-effect', {
                  clause: 'none',
                  verdict: 'falsified',
                  reason: 'nothing changed',
                  objects: ['0003'],
                  accepted: {
                    by: 'waiver',
                    reason: 'it only asks for a lock',
                    expires: '2027-01-31',
                    owner: 'the data team',
                    from: 'palindrome.config.json waivers[0]',
                  },
                }),
                makeResult('values-survive', {
                  clause: 'rows',
                  verdict: 'falsified',
                  reason: 'a row is gone',
                  objects: ['public.users'],
                  accepted: { by: 'baseline', recorded: '2026-11-01', file: 'palindrome.baseline.json' },
                }),
              ],
            },
      ),
    },
  ],
};
