/**
 * What a reset cannot bring back and a catalog does not show: a cross-check that a database may be used again.
 */
import type { Client } from 'pg';
import { FIRST_USER_OID } from './catalog/fragments.ts';
import { queryPrepared } from './connection.ts';

export interface Residue {
  /** Large objects, settings of this database and numbers of objects by kind, as text. */
  readonly counts: string;
  /** The highest column number ever used in any table: PostgreSQL stops at 1600, dropped columns included. */
  readonly highestAttribute: number;
}

const COUNTED_CATALOGS =
  `pg_type pg_proc pg_operator pg_opclass pg_opfamily pg_cast pg_conversion pg_language pg_am pg_collation pg_ts_config
  pg_ts_dict pg_ts_parser pg_ts_template pg_default_acl pg_event_trigger pg_publication pg_foreign_data_wrapper
  pg_foreign_server pg_extension pg_transform pg_statistic_ext pg_policy pg_rewrite pg_trigger pg_constraint`.split(
    /\s+/,
  );
/** What stays and means nothing: the schemas of temporary tables, once a session had one, and the TOAST tables of columns that went. */
const COUNTED = [
  ...COUNTED_CATALOGS.map((catalog) => `SELECT '${catalog}' FROM ${catalog} WHERE oid >= ${FIRST_USER_OID}`),
  `SELECT 'pg_namespace' FROM pg_namespace WHERE oid >= ${FIRST_USER_OID} AND nspname !~ '^pg_(toast_)?temp_'`,
  `SELECT 'pg_class' FROM pg_class WHERE oid >= ${FIRST_USER_OID} AND relnamespace <> 'pg_toast'::regnamespace`,
].join(' UNION ALL ');
/** Counted in one pass: a plan with a count for each catalog takes longer to start than to run. */
const COUNTS = `(SELECT coalesce(string_agg(counted.catalog || ' ' || counted.objects, '/' ORDER BY counted.catalog), '')
  FROM (SELECT one.catalog, count(*) FROM (${COUNTED}) one(catalog) GROUP BY one.catalog) counted(catalog, objects))`;

const RESIDUE_SQL = `
SELECT ${COUNTS} || ';' || coalesce((SELECT string_agg(oid || '/' || lomowner, ',' ORDER BY oid) FROM pg_largeobject_metadata), '')
  || ';' || coalesce((SELECT string_agg(setrole || '/' || (SELECT string_agg(one, ',' ORDER BY one COLLATE "C") FROM unnest(setconfig) one), ',' ORDER BY setrole)
       FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())), '')
  || ';' || (SELECT coalesce(datacl::text, '') FROM pg_database WHERE datname = current_database()),
  (SELECT max(relnatts) FROM pg_class WHERE oid >= ${FIRST_USER_OID} AND relkind IN ('r', 'p'))`;

/** Reads it in one round trip. */
export async function readResidue(client: Client): Promise<Residue> {
  const [row] = await queryPrepared(client, 'palindrome-residue', RESIDUE_SQL);
  return { counts: row?.[0] ?? '', highestAttribute: Number(row?.[1] ?? 0) };
}
