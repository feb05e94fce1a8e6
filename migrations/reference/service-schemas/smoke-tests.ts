/**
 * What the document's smoke tests look for after a cold start, as queries that return what is missing: the schemas, the tables and the
 * pagination indices, each by its name. Shared by the configurations of both forms and by the claims.
 */

/** A pagination index, and the list that it serves. */
export interface PaginationIndex {
  readonly name: string;
  readonly table: string;
  /** The column that a page filters by equality; null: none. */
  readonly filter: string | null;
  /** The column that a page is ordered by, newest first. */
  readonly order: string;
}

/** The four schemas that every entrypoint makes. */
export const SCHEMAS: readonly string[] = ['financial', 'public', 'tagging', 'trading'];

/** The tables of the four schemas; the document names them, or what they are for. */
export const TABLES: readonly string[] = [
  'financial.accounts',
  'financial.clients',
  'financial.invoices',
  'financial.transactions',
  'public.auth_sessions',
  'public.system_settings',
  'public.users',
  'tagging.entity_tags',
  'tagging.tags',
  'trading.orders',
  'trading.positions',
  'trading.strategies',
];

/** The eight indices of `20250814_add_pagination_indices`, in the document's order. */
export const PAGINATION_INDICES: readonly PaginationIndex[] = [
  list('idx_clients_created_at', 'financial.clients', null, 'created_at'),
  list('idx_clients_status_created_at', 'financial.clients', 'status', 'created_at'),
  list('idx_accounts_created_at', 'financial.accounts', null, 'created_at'),
  list('idx_accounts_institution_created_at', 'financial.accounts', 'institution', 'created_at'),
  list('idx_invoices_issue_date', 'financial.invoices', null, 'issue_date'),
  list('idx_invoices_status_issue_date', 'financial.invoices', 'status', 'issue_date'),
  list('idx_transactions_account_date', 'financial.transactions', 'account_id', 'date'),
  list('idx_transactions_status_date', 'financial.transactions', 'status', 'date'),
];

const INIT = '20250801090000';
const INDICES = '20250814';

/** The document's smoke tests as invariants. They ask for names alone; what a name stands for, they do not see. */
export const SMOKE_TESTS = [
  {
    id: 'all-schemas-are-there',
    sql: `SELECT missing FROM ${unnest(SCHEMAS)} AS missing WHERE to_regnamespace(missing) IS NULL`,
  },
  {
    id: 'all-tables-are-there',
    from: INIT,
    sql: `SELECT missing FROM ${unnest(TABLES)} AS missing WHERE to_regclass(missing) IS NULL`,
  },
  {
    id: 'all-pagination-indices-are-there',
    from: INDICES,
    sql: `SELECT missing FROM ${unnest(PAGINATION_INDICES.map(({ name }) => `financial.${name}`))} AS missing
          WHERE to_regclass(missing) IS NULL`,
  },
];

/**
 * What the smoke tests miss: an index of the right name that is invalid, or not of the columns that its pages need: the filter, then the
 * order, and after them at most the primary key.
 */
export const INDICES_ARE_WHAT_THEIR_NAMES_SAY = {
  id: 'pagination-indices-serve-their-pages',
  from: INDICES,
  sql: `
    SELECT wanted.name, pg_get_indexdef(i.indexrelid) AS definition, i.indisvalid
    FROM (VALUES ${PAGINATION_INDICES.map(({ name, table, filter, order }) => `('financial.${name}', '${table}', '${filter === null ? '' : `${filter},`}${order}')`).join(', ')}) AS wanted (name, relation, columns)
    LEFT JOIN pg_index i ON i.indexrelid = to_regclass(wanted.name)
    WHERE i.indisvalid IS NOT TRUE OR i.indpred IS NOT NULL OR i.indrelid IS DISTINCT FROM to_regclass(wanted.relation)::oid
      OR (SELECT string_agg(a.attname, ',' ORDER BY k.at) FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, at)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) NOT IN (wanted.columns, wanted.columns || ',id')`,
};

/** The pages of each list as `index-used` asks for them: the first one, and one that begins after a row. */
export const PAGINATION_QUERIES = PAGINATION_INDICES.flatMap(({ name, table, filter, order }) => {
  const valueOf = (column: string): string => `(SELECT ${column} FROM ${table} ORDER BY id LIMIT 1)`;
  const filters = filter === null ? [] : [filter];
  const from = `SELECT * FROM ${table} WHERE ${filters.map((column, at) => `${column} = $${at + 1} AND `).join('')}`;
  const [row, id] = [filters.length + 1, filters.length + 2];
  // Where every row has the filter's one value, the index of the order alone is as good.
  const unfiltered = PAGINATION_INDICES.filter((other) => other.table === table && other.filter === null);
  const index = [...new Set([name, ...unfiltered.map((other) => other.name)])];
  return [
    {
      id: `${name}-first-page`,
      from: INDICES,
      sql: `${from}true ORDER BY ${order} DESC LIMIT 20`,
      ...(filter === null ? {} : { params: [valueOf(filter)] }),
      index,
    },
    {
      id: `${name}-page-after-a-row`,
      from: INDICES,
      sql: `${from}(${order}, id) < ($${row}, $${id}) ORDER BY ${order} DESC, id DESC LIMIT 20`,
      params: [...filters, order, 'id'].map(valueOf),
      index,
    },
  ];
});

/** The lists without a filter, and one with. */
const TURNED = PAGINATION_INDICES.filter(({ name, filter }) => filter === null || name === 'idx_transactions_status_date');

/** What an application does with its place in a list: all of it as the database prints it, or as a `Date`. */
const KEPT = { text: 'exact', 'js-date': 'through-a-date' } as const;

/** The lists as pages after (position, id). The times of this schema have milliseconds, as a `Date` has. */
export function pagersOf(cursor: keyof typeof KEPT) {
  return TURNED.map(({ name, table, filter, order }) => ({
    ...pagerOf(table, filter),
    id: `${name}-${KEPT[cursor]}`,
    key: `${order} desc, id desc`,
    cursor,
    ...(cursor === 'text' ? {} : { overlappingTransactions: 0 }),
  }));
}

/** The lists in the order of the documented indices alone, which have no word for rows of one day. */
export function pagersByIndexAlone() {
  return TURNED.map(({ name, table, filter, order }) => ({
    ...pagerOf(table, filter),
    id: `${name}-alone`,
    key: `${order} desc`,
  }));
}

function pagerOf(table: string, filter: string | null) {
  return { from: INDICES, until: INDICES, table, ...(filter === null ? {} : { filter: `${filter} = 'PENDING'` }) };
}

function list(name: string, table: string, filter: string | null, order: string): PaginationIndex {
  return { name, table, filter, order };
}

function unnest(names: readonly string[]): string {
  return `unnest(ARRAY[${names.map((name) => `'${name}'`).join(', ')}])`;
}
