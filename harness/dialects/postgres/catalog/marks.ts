/**
 * By which a later look tells what it need not read again: every relation has a mark that changes with any catalog row of its own, and what
 * the definitions of relations name beside it has marks as well.
 *
 * A mark is the number of rows and the sum of their `xmin`. Whatever changes a row writes a new one, whose `xmin` is higher than that of
 * every row committed before it; so where rows go and others come the sum or the number changes. Clones have the rows of their template, `xmin`s included.
 * Only what a crash takes back, after it was seen, could be numbered twice: then nothing may be remembered.
 */
import { SILENCED_TRIGGERS } from './constraints.ts';
import { anyOf, FIRST_USER_OID, LISTED, standsAlone } from './fragments.ts';

/** `xmin` as a number. */
const XMIN = 'xmin::text::int8';

/** Every catalog row that says something about a relation, an index or a TOAST table, by its OID. */
const PARTS = [
  `SELECT oid, ${XMIN} FROM pg_class WHERE oid >= ${FIRST_USER_OID}`,
  ...[
    ['pg_attribute', 'attrelid'],
    ['pg_attrdef', 'adrelid'],
    ['pg_constraint', 'conrelid'],
    ['pg_index', 'indexrelid'],
    ['pg_trigger', 'tgrelid'],
  ].map(([catalog, owner]) => `SELECT ${owner}, ${XMIN} FROM ${catalog} WHERE ${owner} >= ${FIRST_USER_OID}`),
  `SELECT objoid, ${XMIN} FROM pg_description WHERE objoid >= ${FIRST_USER_OID} AND classoid = 'pg_class'::regclass`,
].join(' UNION ALL ');

const MARKS_CTE = `
  SELECT COALESCE(x.indrelid, part.oid) AS oid, count(*) || '/' || sum(part.xid) AS mark
  FROM (${PARTS}) part(oid, xid) LEFT JOIN pg_index x ON x.indexrelid = part.oid AND x.indexrelid >= ${FIRST_USER_OID} GROUP BY 1`;

/** Each relation that is neither temporary, nor the system's, nor an extension's. */
export const RELATIONS_CTE = `
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.reloptions, c.relpersistence, c.relreplident,
    c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relpartbound, c.relam, c.reltablespace, c.reltoastrelid, c.reloftype, c.relispopulated
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= ${FIRST_USER_OID} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't'
    AND ${standsAlone('pg_class', 'c.oid')}`;

/** What `MARKED` reads. */
export const MARKED_TABLES = `mark AS MATERIALIZED (${MARKS_CTE})`;

/** OID, mark, name and `relkind` of every relation, as a JSON array. */
export const MARKED = `(SELECT json_agg(json_build_array(relation.oid::text, concat_ws('/', relation.oid, own.mark, toast.mark),
    quote_ident(relation.nspname) || '.' || quote_ident(relation.relname), relation.relkind))
  FROM (${RELATIONS_CTE}) relation JOIN mark own ON own.oid = relation.oid LEFT JOIN mark toast ON toast.oid = relation.reltoastrelid)`;

/**
 * Types and routines, which definitions name and which come and go often, and schemas: sort, OID and `xmin` of each, as `sort:oid:xmin` separated by commas.
 * What is new among them changes no definition that was there.
 */
export const NAMED = `(SELECT string_agg(named.sort || ':' || named.oid || ':' || named.version, ',' ORDER BY named.oid) FROM (
  SELECT 't' || t.typtype::text, t.oid, t.xmin::text FROM pg_type t LEFT JOIN pg_class row_of ON row_of.oid = t.typrelid AND t.typtype = 'c'
    WHERE t.oid >= ${FIRST_USER_OID} AND t.typcategory <> 'A' AND (t.typtype <> 'c' OR row_of.relkind = 'c')
  UNION ALL SELECT 'p', oid, xmin::text FROM pg_proc WHERE oid >= ${FIRST_USER_OID}
  UNION ALL SELECT 'n', oid, xmin::text FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)') named(sort, oid, version))`;

/** What else definitions depend on and seldom changes, as what follows FROM: when any row of it changes, everything is read again. */
const SURROUNDINGS: ReadonlySet<string> = new Set([
  'pg_inherits',
  'pg_partitioned_table',
  'pg_foreign_table',
  'pg_db_role_setting',
  SILENCED_TRIGGERS,
  `pg_class WHERE relkind IN ('I', 'c') AND oid >= ${FIRST_USER_OID}`,
  `pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c' AND oid >= ${FIRST_USER_OID})`,
  ...[
    'pg_tablespace',
    'pg_am',
    'pg_collation',
    'pg_operator',
    'pg_opclass',
    'pg_ts_config',
    'pg_ts_dict',
    'pg_foreign_server',
    'pg_language',
  ].map((catalog) => anyOf(catalog)),
]);

/** Beside those: settings, names of roles, and comments on what is no relation. */
const OTHER_SURROUNDINGS = [
  `SELECT current_setting('quote_all_identifiers')`,
  `SELECT oid || ' ' || rolname FROM pg_roles`,
  `SELECT 'comments ' || count(*) || '/' || COALESCE(sum(${XMIN}), 0) FROM pg_description WHERE objoid >= ${FIRST_USER_OID} AND classoid <> 'pg_class'::regclass`,
];

/** What there is of `conditions` and of the surroundings, as `readPresence` takes it. */
export function presenceSql(conditions: readonly string[]): string {
  const rows = askedFor(conditions).map((from, index) =>
    SURROUNDINGS.has(from) ? `SELECT '${index}:' || xmin || ctid FROM ${from}` : `SELECT '${index}' FROM ${from}`,
  );
  const others = OTHER_SURROUNDINGS.map((sql) => `SELECT ':' || other FROM (${sql}) other(other)`);
  return `(SELECT json_agg(DISTINCT there.item ORDER BY there.item) FROM (${[...rows, ...others].join(' UNION ALL ')}) there(item))`;
}

/** Which conditions hold, and the surroundings as text. */
export function readPresence(
  conditions: readonly string[],
  json: string,
): { readonly there: ReadonlySet<string>; readonly surroundings: string } {
  const items = JSON.parse(json) as readonly string[];
  const asked = askedFor(conditions);
  return {
    there: new Set(items.flatMap((item) => (item.startsWith(':') ? [] : (asked[Number.parseInt(item, 10)] ?? [])))),
    surroundings: items.filter((item) => item.includes(':')).join(','),
  };
}

function askedFor(conditions: readonly string[]): readonly string[] {
  return [...new Set([...conditions.filter((from) => !from.startsWith(LISTED)), ...SURROUNDINGS])];
}
