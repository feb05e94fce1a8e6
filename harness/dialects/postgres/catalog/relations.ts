/**
 * Tables, views, sequences and columns. All read the common table `rel`: every relation that is neither temporary, nor the system's, nor an extension's.
 */
import {
  collationName,
  comment,
  FIRST_USER_OID,
  grants,
  qualified,
  relationName,
  role,
  sortedList,
  standsAlone,
  words,
  yesNo,
} from './fragments.ts';
import type { AttributeSpec, KindSpec } from './kind.ts';

/** The definition of `rel`. */
export const RELATIONS_CTE = `
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.reloptions, c.relpersistence, c.relreplident,
    c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relpartbound, c.relam, c.reltablespace, c.reltoastrelid, c.reloftype, c.relispopulated
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= ${FIRST_USER_OID} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't'
    AND ${standsAlone('pg_class', 'c.oid')}`;

const COMMON: Readonly<Record<string, AttributeSpec>> = {
  owner: role('rel.relowner'),
  grants: grants('r', 'rel.relacl', 'rel.relowner'),
  comment: comment('pg_class', 'rel.oid'),
  options: sortedList('rel.reloptions'),
};

const STORED: Readonly<Record<string, AttributeSpec>> = {
  'access method': '(SELECT am.amname FROM pg_am am WHERE am.oid = rel.relam)',
  tablespace: tablespace('rel.reltablespace'),
  'replica identity': words('rel.relreplident', { d: 'default', n: 'nothing', f: 'full', i: 'an index' }),
};

const PERSISTENCE = words('rel.relpersistence', { p: 'permanent', u: 'unlogged' });

const PARENTS = `CASE WHEN rel.oid IN (SELECT inhrelid FROM pg_inherits) THEN (SELECT string_agg(${relationName('h.inhparent')} || CASE WHEN h.inhdetachpending THEN ' (detach pending)' ELSE '' END, ', ' ORDER BY h.inhseqno)
  FROM pg_inherits h WHERE h.inhrelid = rel.oid) END`;

const TABLES: KindSpec = {
  kind: `CASE rel.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END`,
  name: ['rel.nspname', 'rel.relname'],
  belongsToTable: true,
  from: `rel WHERE rel.relkind IN ('r', 'p', 'f')`,
  attributes: {
    ...COMMON,
    ...STORED,
    persistence: PERSISTENCE,
    'toast options': sortedList('(SELECT tc.reloptions FROM pg_class tc WHERE tc.oid = rel.reltoastrelid)'),
    'row security': yesNo('rel.relrowsecurity'),
    'row security forced': yesNo('rel.relforcerowsecurity'),
    'partition key': `CASE rel.relkind WHEN 'p' THEN pg_get_partkeydef(rel.oid) END`,
    'partition of': `CASE WHEN rel.relispartition THEN ${PARENTS} END`,
    'partition bound': 'CASE WHEN rel.relispartition THEN pg_get_expr(rel.relpartbound, rel.oid) END',
    inherits: `CASE WHEN NOT rel.relispartition THEN ${PARENTS} END`,
    'typed of': `CASE WHEN rel.reloftype <> 0 THEN format_type(rel.reloftype, NULL) END`,
    server: `CASE rel.relkind WHEN 'f' THEN (SELECT s.srvname FROM pg_foreign_table ft JOIN pg_foreign_server s ON s.oid = ft.ftserver WHERE ft.ftrelid = rel.oid) END`,
    'foreign options': sortedList(
      `CASE rel.relkind WHEN 'f' THEN (SELECT ft.ftoptions FROM pg_foreign_table ft WHERE ft.ftrelid = rel.oid) END`,
    ),
  },
};

const COLUMN_LIST = `(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
  FROM pg_attribute a WHERE a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const VIEWS: KindSpec = {
  kind: `'view'`,
  name: ['rel.nspname', 'rel.relname'],
  belongsToTable: true,
  from: `rel WHERE rel.relkind = 'v'`,
  attributes: { ...COMMON, definition: 'pg_get_viewdef(rel.oid)', columns: COLUMN_LIST },
};

const MATERIALIZED_VIEWS: KindSpec = {
  ...VIEWS,
  kind: `'materialized view'`,
  from: `rel WHERE rel.relkind = 'm'`,
  attributes: { ...VIEWS.attributes, ...STORED, persistence: PERSISTENCE, populated: yesNo('rel.relispopulated') },
};

const SEQUENCES: KindSpec = {
  kind: `'sequence'`,
  name: ['rel.nspname', 'rel.relname'],
  from: 'rel JOIN pg_sequence q ON q.seqrelid = rel.oid',
  attributes: {
    owner: role('rel.relowner'),
    grants: grants('s', 'rel.relacl', 'rel.relowner'),
    comment: comment('pg_class', 'rel.oid'),
    persistence: PERSISTENCE,
    type: 'format_type(q.seqtypid, NULL)',
    start: 'q.seqstart',
    increment: 'q.seqincrement',
    minimum: 'q.seqmin',
    maximum: 'q.seqmax',
    cache: 'q.seqcache',
    cycle: yesNo('q.seqcycle'),
    'owned by': `(SELECT ${qualified('n.nspname', 'c.relname')} || '.' || quote_ident(a.attname)
      FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = rel.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))`,
  },
};

/** What a view's columns are the view says; listed here are the settings that some of them carry. */
function columns(major: number): KindSpec {
  const hasNoTarget = major >= 17 ? 'a.attstattarget IS NULL' : 'a.attstattarget < 0';
  const notNullConstraint = `FROM pg_constraint k WHERE k.conrelid = rel.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]`;
  const expression =
    '(SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = rel.oid AND d.adnum = a.attnum)';
  const columnComment = comment('pg_class', 'rel.oid', 'a.attnum');
  return {
    kind: `CASE WHEN rel.relkind IN ('v', 'm') THEN 'view column settings' ELSE 'column' END`,
    name: ['rel.nspname', 'rel.relname', 'a.attname'],
    belongsToTable: true,
    from: `rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      WHERE rel.relkind IN ('r', 'p', 'f') OR (rel.relkind IN ('v', 'm')
        AND (a.atthasdef OR a.attacl IS NOT NULL OR a.attoptions IS NOT NULL OR NOT ${hasNoTarget} OR a.attcompression <> '' OR a.attstorage <> t.typstorage OR ${columnComment} IS NOT NULL))`,
    attributes: {
      type: 'format_type(a.atttypid, a.atttypmod)',
      collation: `CASE WHEN a.attcollation <> t.typcollation THEN ${collationName('a.attcollation')} END`,
      'not null': yesNo('a.attnotnull'),
      default: `CASE WHEN a.atthasdef AND a.attgenerated = '' THEN ${expression} END`,
      identity: words(`NULLIF(a.attidentity, '')`, { a: 'always', d: 'by default' }),
      generated: `CASE a.attgenerated WHEN 's' THEN 'stored ' || ${expression} WHEN 'v' THEN 'virtual ' || ${expression} END`,
      storage: `CASE WHEN a.attstorage <> t.typstorage THEN ${words('a.attstorage', { p: 'plain', e: 'external', x: 'extended', m: 'main' })} END`,
      compression: words(`NULLIF(a.attcompression, '')`, { p: 'pglz', l: 'lz4' }),
      'statistics target': `CASE WHEN NOT ${hasNoTarget} THEN a.attstattarget END`,
      options: sortedList('a.attoptions'),
      'foreign options': sortedList('a.attfdwoptions'),
      inherited: `CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'inherited and local' ELSE 'inherited' END END`,
      grants: grants('c', 'a.attacl', 'rel.relowner'),
      comment: columnComment,
      ...(major >= 18 && {
        'not null constraint': `CASE WHEN a.attnotnull THEN (SELECT NULLIF(concat_ws(', ', CASE WHEN NOT k.convalidated THEN 'not validated' END,
          CASE WHEN k.connoinherit THEN 'no inherit' END, 'comment: ' || ${comment('pg_constraint', 'k.oid')}), '') ${notNullConstraint}) END`,
      }),
    },
    notes: {
      position: 'a.attnum',
      ...(major >= 18 && {
        'not null constraint name': `CASE WHEN a.attnotnull THEN (SELECT k.conname ${notNullConstraint}) END`,
      }),
    },
  };
}

/** The name of a tablespace; NULL: the database's own. */
export function tablespace(oid: string): string {
  return `CASE WHEN ${oid} <> 0 THEN (SELECT ts.spcname FROM pg_tablespace ts WHERE ts.oid = ${oid}) END`;
}

/** Tables, foreign tables, views, materialized views, sequences and columns. */
export function relationKinds(major: number): readonly KindSpec[] {
  return [TABLES, VIEWS, MATERIALIZED_VIEWS, SEQUENCES, columns(major)];
}
