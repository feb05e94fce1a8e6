/**
 * What the configurations of the four forms share: how keys and versions are generated, and the document's queries as invariants.
 * Queries are turned round where the document lists what should be there: an invariant returns what is wrong.
 */
import fc from 'fast-check';

const TABLES = ['forecast_snapshots', 'investment_lots', 'reserve_allocations'] as const;
const SCOPES = { forecast_snapshots: 'fund_id', investment_lots: 'investment_id', reserve_allocations: 'snapshot_id' } as const;

const legalKey = fc.oneof(
  { weight: 4, arbitrary: fc.uuid() },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 24 }).filter((text) => !text.includes('\u0000')) },
  // 128 characters of four bytes each are legal too: the check counts characters.
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('k', '𝒌', '%'), fc.integer({ min: 126, max: 128 })).map(([c, n]) => c.repeat(n)) },
);
const illegalKey = fc.constantFrom('', 'k'.repeat(129), 'k'.repeat(2_000));

/** Mostly legal keys, so that most cases get past the length check; `illegal` in 100 are not, and every fourth row has none. */
function keys(illegal: number) {
  return fc.oneof(
    { weight: 75 - illegal, arbitrary: legalKey },
    { weight: 25, arbitrary: fc.constant(null) },
    { weight: illegal, arbitrary: illegalKey },
  );
}

/** Generators of idempotency keys, of which `illegal` in 100 are empty or too long. */
export function keyGenerators(illegal: number) {
  return Object.fromEntries(TABLES.map((table) => [`${table}.idempotency_key`, keys(illegal)]));
}

/** The document's check before the migration: duplicate keys within a scope. */
export const DUPLICATE_KEYS = TABLES.map((table) => ({
  table,
  sql: `SELECT ${SCOPES[table]}, idempotency_key, COUNT(*)
        FROM ${table}
        WHERE idempotency_key IS NOT NULL
        GROUP BY ${SCOPES[table]}, idempotency_key
        HAVING COUNT(*) > 1`,
}));

/** The document's success criteria, from `from` on; the type of the version column from `typeFrom` on. */
export function documentedInvariants(from: string, typeFrom: string) {
  return [
    ...DUPLICATE_KEYS.map(({ table, sql }) => ({ id: `no-key-twice-in-a-scope-of-${table.replaceAll('_', '-')}`, sql })),
    {
      id: 'version-columns-are-bigint',
      from: typeFrom,
      sql: `SELECT table_name, column_name, data_type
            FROM information_schema.columns
            WHERE table_name IN ('forecast_snapshots', 'investment_lots', 'reserve_allocations')
              AND column_name = 'version' AND data_type <> 'bigint'`,
    },
    {
      id: 'the-six-new-indexes-exist',
      from,
      sql: `SELECT missing FROM (VALUES
              ('forecast_snapshots_fund_idem_key_idx'), ('forecast_snapshots_cursor_idx'),
              ('investment_lots_investment_idem_key_idx'), ('investment_lots_cursor_idx'),
              ('reserve_allocations_snapshot_idem_key_idx'), ('reserve_allocations_cursor_idx')) AS wanted (missing)
            WHERE NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = missing)`,
    },
    {
      id: 'the-three-length-checks-exist',
      from,
      sql: `SELECT missing FROM (VALUES
              ('forecast_snapshots_idem_key_len_check'), ('investment_lots_idem_key_len_check'),
              ('reserve_allocations_idem_key_len_check')) AS wanted (missing)
            WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = missing AND contype = 'c')`,
    },
  ];
}

/** The document's pages, newest first, each with the index that is made for it. */
export function pageQueries(from: string) {
  return pages(from).map(({ table, time, ...page }) => ({
    ...page,
    sql: `SELECT * FROM ${table} WHERE (${time}, id) < ($1, $2) ORDER BY ${time} DESC, id DESC LIMIT 20`,
    params: [`(SELECT max(${time}) FROM ${table})`, `(SELECT id FROM ${table} ORDER BY id DESC LIMIT 1)`],
    index: `${table}_cursor_idx`,
  }));
}

function pages(from: string) {
  const times = { forecast_snapshots: 'snapshot_time', investment_lots: 'created_at', reserve_allocations: 'created_at' } as const;
  return TABLES.map((table) => ({ id: `${table.replaceAll('_', '-')}-page`, from, table, time: times[table] }));
}

/**
 * The document's pages as an application turns them, each table's in turn: with `text` the cursor is what the database prints, with `js-date` it is what a
 * TypeScript service holds whose driver is `pg` as it comes, a `Date` of milliseconds. `migration`: that after which they are turned.
 */
export function pagers(cursor: 'text' | 'js-date', migration: string) {
  return pages(migration).map(({ id, from, table, time }) => ({
    id: cursor === 'text' ? id : `${id}-through-a-date`,
    from,
    until: from,
    table,
    key: `${time} desc, id desc`,
    first: `SELECT * FROM ${table} ORDER BY ${time} DESC, id DESC LIMIT $1`,
    next: `SELECT * FROM ${table} WHERE (${time}, id) < ($1, $2) ORDER BY ${time} DESC, id DESC LIMIT $3`,
    cursor,
    // Step by step alone: what is recorded of these sets must not depend on how writers happen to meet.
    overlappingTransactions: 0,
  }));
}

/** Exact sums that no step may change, as the generated funds have them: an investment cost what its lots cost, a reserve is for its fund. */
export const FUND_INVARIANTS = [
  {
    id: 'an-investment-cost-what-its-lots-cost',
    sql: `SELECT i.id, i.amount, sum(l.cost_basis_cents) AS cents FROM investments i JOIN investment_lots l ON l.investment_id = i.id
          GROUP BY i.id HAVING sum(l.cost_basis_cents) <> i.amount * 100`,
  },
  {
    id: 'a-reserve-is-for-an-investment-of-its-fund',
    sql: `SELECT r.id FROM reserve_allocations r JOIN forecast_snapshots s ON s.id = r.snapshot_id JOIN investments i ON i.id = r.investment_id
          WHERE i.fund_id <> s.fund_id`,
  },
];

/** What the document's queries miss: that an index works, that a check was validated, that no old global index is left. */
export function fullInvariants(from: string) {
  return [
    {
      id: 'every-index-is-valid',
      sql: 'SELECT indexrelid::regclass AS index FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)',
    },
    { id: 'every-constraint-is-validated', sql: 'SELECT conname FROM pg_constraint WHERE NOT convalidated' },
    {
      id: 'no-global-key-index-is-left',
      from,
      sql: `SELECT indexname FROM pg_indexes WHERE indexname LIKE '%\\_idempotency\\_unique\\_idx'`,
    },
    ...TABLES.map((table) => ({
      id: `keys-of-${table.replaceAll('_', '-')}-have-1-to-128-characters`,
      from,
      sql: `SELECT id, length(idempotency_key) FROM ${table} WHERE length(idempotency_key) NOT BETWEEN 1 AND 128`,
    })),
  ];
}
