import { constant } from 'fast-check';
import { expect, test } from 'vitest';
import type { UserConfig } from '../../harness/config/define-config.ts';
import { nearest } from '../../harness/config/nearest.ts';
import { CONFIG_KEYS } from '../../harness/config/schema.ts';
import { configError, validateConfig } from '../../harness/config/validate.ts';

/** A configuration that uses every key; complete by the compiler. */
const everything: Required<UserConfig> = {
  migrations: 'db/migrations',
  dialect: 'postgres',
  layout: 'golang-migrate',
  postgres: ['15', '17'],
  provider: 'auto',
  image: 'postgres:17-alpine',
  serverUrl: 'postgres://localhost/',
  allowRemote: false,
  cases: 100,
  workers: 2,
  seed: -1,
  timeouts: { statementMs: 1000, scriptMs: 2000 },
  only: '00*',
  property: ['applies'],
  report: ['json=report.json'],
  keep: true,
  store: '.palindrome',
  color: false,
  invariants: [{ id: 'a', from: '0001', until: '0002', sql: 'SELECT 1 WHERE false' }],
  conserve: [{ id: 'c', from: '0001', until: '0002', sql: 'SELECT count(*) FROM t', after: 'SELECT count(*) FROM u' }],
  prepare: [{ sql: 'UPDATE t SET a = 1' }],
  queries: [
    { id: 'page', from: '1', until: '2', sql: 'SELECT 1', params: ['1'], index: ['a', 'b'], maxCostRatio: 1.5 },
  ],
  pagers: [
    {
      id: 'pages',
      from: '1',
      until: '2',
      table: 'items',
      identity: ['id'],
      key: [{ column: 'created_at', direction: 'desc', nulls: 'last' }, 'id desc'],
      filter: 'NOT hidden',
      kind: 'scan',
      movedRows: 'may-miss',
      index: ['items_cursor_idx'],
      maxCostRatio: 3,
      refusal: '22007',
      first: 'SELECT … LIMIT $1',
      next: 'SELECT … LIMIT $3',
      backward: { first: 'SELECT … LIMIT $1', next: 'SELECT … LIMIT $3' },
      cursor: 'json',
    },
    { id: 'own', table: 'items', key: 'id', module: './pager.ts' },
  ],
  model: { drizzle: 'schema.ts' },
  parity: { except: [{ object: 'index public.a', reason: 'r' }] },
  generators: { 'users.email': constant('a@b.c') },
  datasets: [{ id: 'd', rows: constant({ users: [] }), derive: (rows) => rows }],
  declare: {
    '0001': {
      lossy: [{ column: 'users.a', where: 'true', reason: 'r' }],
      irreversible: { reason: 'r' },
      preconditions: [{ sql: 'SELECT 1', reason: 'r' }],
      maps: [{ column: 'users.a', as: 'upper(a)' }],
      rowChanges: [{ table: '*', reason: 'r' }],
      claims: ['idempotent'],
      rerun: 'refuse',
      ignore: [{ property: 'has-effect', reason: 'r' }],
    },
  },
  ignore: [{ migrations: '0001*', property: 'applies', reason: 'r' }],
  waivers: [
    {
      migration: '0001',
      property: 'rollback-restores',
      clause: 'data',
      object: 'users.a',
      reason: 'r',
      expires: '2027-02-28',
      owner: 'o',
    },
  ],
  baseline: 'known.json',
  anonymise: {
    dataset: 'staging.sql',
    at: '0006',
    rows: 200,
    rules: {
      'users.*': 'format',
      'users.born': { kind: 'shift', per: 'id' },
      '*.amount': { kind: 'scale', group: 'money' },
    },
    salt: 'sixteen letters and more',
  },
  sqlite: { foreignKeys: true, functions: { slugify: (text) => text } },
  runner: {
    ledger: 'ops.palindrome_ledger',
    confirm: 'always',
    lockTimeoutMs: 1000,
    wait: { tries: 3, delayMs: 100 },
    backup: { directory: 'data/backups', retentionDays: 30, maxBackups: 10 },
  },
};

test('should accept every documented key and give it back unchanged', () => {
  const { config, issues } = validateConfig(everything);
  expect(issues).toEqual([]);
  expect(config).toEqual(everything);
  expect(CONFIG_KEYS.toSorted()).toEqual(Object.keys(everything).toSorted());
});

test('should report every mistake together, each with its key path', () => {
  const { issues } = validateConfig({
    dialekt: 'postgres',
    dialect: 'postgress',
    cases: 1.5,
    postgres: [17],
    seed: 'x',
    migrations: ' ',
    invariants: [
      { id: 'a', sqll: 'SELECT 1' },
      { id: 'b', sql: 'x' },
      { id: 'b', sql: 'y' },
    ],
    declare: { '0001_x': { lossy: [{ column: 'x', reason: '' }], clams: [] } },
    ignore: [{ reason: 'r' }],
    generators: { 'users.email': 1 },
    sqlite: { foreignKeys: 'on', functions: { f: 'no' } },
  });
  expect(configError('palindrome.config.ts', issues).message.split('\n')).toEqual([
    '15 errors in palindrome.config.ts',
    '  dialekt: unknown key; did you mean "dialect"?',
    '  dialect: must be one of "postgres", "sqlite", not "postgress"; did you mean "postgres"?',
    '  cases: must be a whole number, not 1.5',
    '  postgres[0]: must be text, not 17',
    '  seed: must be a number, not the text "x"',
    '  migrations: must not be blank',
    '  invariants[0]: unknown key "sqll"; did you mean "sql"?',
    '  invariants[0]: must have either "sql" or "check"',
    '  declare["0001_x"].lossy[0].column: must be "table.column" (quoted as in SQL where needed)',
    '  declare["0001_x"].lossy[0].reason: must not be blank',
    '  declare["0001_x"]: unknown key "clams"; did you mean "claims"?',
    '  ignore[0]: must name migrations, a property, or both',
    '  generators["users.email"]: must be a fast-check arbitrary (only a TypeScript or JavaScript configuration can hold one)',
    '  sqlite.foreignKeys: must be true or false, not the text "on"',
    '  sqlite.functions.f: must be a function',
  ]);
});

test('should find an invariant id that is used twice', () => {
  const { issues } = validateConfig({
    invariants: [
      { id: 'b', sql: 'x' },
      { id: 'b', sql: 'y' },
    ],
  });
  expect(issues).toEqual([{ path: 'invariants[1].id', message: '"b" is used twice' }]);
});

test('should keep the keys that are right beside those that are not', () => {
  expect(validateConfig({ cases: 5, dialect: 'nosql' }).config).toEqual({ cases: 5 });
});

test.each([[null], [[]], ['text'], [undefined]])('should refuse %j as a configuration', (raw) => {
  expect(validateConfig(raw).issues).toHaveLength(1);
});

test('should never print the address of a server', () => {
  const secret = 'hunter2';
  const { issues } = validateConfig({ serverUrl: [`postgres://u:${secret}@h/`], image: { secret } });
  expect(issues).toHaveLength(2);
  expect(JSON.stringify(issues)).not.toContain(secret);
});

test.each([
  ['verfy', 'verify'],
  ['relpay', 'replay'],
  ['initialise', null],
  ['statment-timeout', 'statement-timeout'],
  ['xyz', null],
])('should take %s for %s', (typed, meant) => {
  expect(nearest(typed, ['verify', 'replay', 'status', 'doctor', 'statement-timeout'])).toBe(meant);
});
