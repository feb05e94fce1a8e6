/**
 * Tables, views, sequences and columns. All read the common table `rel` (`marks.ts`).
 */
import {
  ANY_INHERITANCE,
  anyComment,
  anyListed,
  anyOf,
  collationName,
  comment,
  commentSql,
  grants,
  qualified,
  relationName,
  role,
  sortedList,
  words,
  yesNo,
} from './fragments.ts';
import type { AttributeSpec, KindSpec } from './kind.ts';

const COMMON: Readonly<Record<string, AttributeSpec>> = {
  owner: role('rel.relowner'),
  grants: grants('r', 'rel.relacl', 'rel.relowner'),
  comment: comment('pg_class', 'rel.oid'),
  options: sortedList('rel.reloptions'),
};

const STORED: Readonly<Record<string, AttributeSpec>> = {
  'access method': {
    sql: '(SELECT am.amname FROM pg_am am WHERE am.oid = rel.relam)',
    where: anyOf('pg_am'),
    otherwise: `CASE WHEN rel.relam <> 0 THEN 'heap' END`,
  },
  tablespace: tablespace('rel.reltablespace'),
  'replica identity': words('rel.relreplident', { d: 'default', n: 'nothing', f: 'full', i: 'an index' }),
};

const PERSISTENCE = words('rel.relpersistence', { p: 'permanent', u: 'unlogged' });

const PARENTS = `(SELECT string_agg(${relationName('h.inhparent')} || CASE WHEN h.inhdetachpending THEN ' (detach pending)' ELSE '' END, ', ' ORDER BY h.inhseqno)
  FROM pg_inherits h WHERE h.inhrelid = rel.oid)`;

const ANY_FOREIGN_TABLE = 'pg_foreign_table';

const TABLES: KindSpec = {
  kind: `CASE rel.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END`,
  name: ['rel.nspname', 'rel.relname'],
  belongsToTable: true,
  isOfRelation: true,
  from: `rel WHERE rel.relkind IN ('r', 'p', 'f')`,
  attributes: {
    ...COMMON,
    ...STORED,
    persistence: PERSISTENCE,
    'toast options': sortedList('(SELECT tc.reloptions FROM pg_class tc WHERE tc.oid = rel.reltoastrelid)'),
    'row security': yesNo('rel.relrowsecurity'),
    'row security forced': yesNo('rel.relforcerowsecurity'),
    'partition key': `CASE rel.relkind WHEN 'p' THEN pg_get_partkeydef(rel.oid) END`,
    'partition of': { sql: `CASE WHEN rel.relispartition THEN ${PARENTS} END`, where: ANY_INHERITANCE },
    'partition bound': 'CASE WHEN rel.relispartition THEN pg_get_expr(rel.relpartbound, rel.oid) END',
    inherits: { sql: `CASE WHEN NOT rel.relispartition THEN ${PARENTS} END`, where: ANY_INHERITANCE },
    'typed of': `CASE WHEN rel.reloftype <> 0 THEN format_type(rel.reloftype, NULL) END`,
    server: {
      sql: `CASE rel.relkind WHEN 'f' THEN (SELECT s.srvname FROM pg_foreign_table ft JOIN pg_foreign_server s ON s.oid = ft.ftserver WHERE ft.ftrelid = rel.oid) END`,
      where: ANY_FOREIGN_TABLE,
    },
    'foreign options': {
      ...sortedList(
        `CASE rel.relkind WHEN 'f' THEN (SELECT ft.ftoptions FROM pg_foreign_table ft WHERE ft.ftrelid = rel.oid) END`,
      ),
      where: ANY_FOREIGN_TABLE,
    },
  },
};

const COLUMN_LIST = `(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
  FROM pg_attribute a WHERE a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const VIEWS: KindSpec = {
  kind: `'view'`,
  where: anyListed('rv'),
  name: ['rel.nspname', 'rel.relname'],
  belongsToTable: true,
  isOfRelation: true,
  from: `rel WHERE rel.relkind = 'v'`,
  attributes: { ...COMMON, definition: 'pg_get_viewdef(rel.oid)', columns: COLUMN_LIST },
};

const MATERIALIZED_VIEWS: KindSpec = {
  ...VIEWS,
  kind: `'materialized view'`,
  where: anyListed('rm'),
  from: `rel WHERE rel.relkind = 'm'`,
  attributes: { ...VIEWS.attributes, ...STORED, persistence: PERSISTENCE, populated: yesNo('rel.relispopulated') },
};

const SEQUENCES: KindSpec = {
  kind: `'sequence'`,
  where: anyListed('rS'),
  name: ['rel.nspname', 'rel.relname'],
  isOfRelation: true,
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

/** Why a column of a view `rel` is listed: what the columns are the view says, settings that some of them carry it does not. */
function hasSettings(hasTarget: string): string {
  return `(a.atthasdef OR a.attacl IS NOT NULL OR a.attoptions IS NOT NULL OR ${hasTarget} OR a.attcompression <> '' OR a.attstorage <> t.typstorage
    OR ${anyComment('pg_class', 'rel.oid', 'a.attnum')} IS NOT NULL)`;
}

function columns(major: number): readonly KindSpec[] {
  const hasTarget = major >= 17 ? 'a.attstattarget IS NOT NULL' : 'a.attstattarget >= 0';
  const notNullConstraint = `FROM pg_constraint k WHERE k.conrelid = rel.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]`;
  const ofTables: KindSpec = {
    kind: `'column'`,
    name: ['rel.nspname', 'rel.relname', 'a.attname'],
    belongsToTable: true,
    isOfRelation: true,
    from: `${COLUMNS} WHERE rel.relkind IN ('r', 'p', 'f')`,
    attributes: {
      type: 'format_type(a.atttypid, a.atttypmod)',
      collation: `CASE WHEN a.attcollation <> t.typcollation THEN ${collationName('a.attcollation')} END`,
      'not null': yesNo('a.attnotnull'),
      default: `CASE WHEN a.attgenerated = '' THEN ${EXPRESSION} END`,
      identity: words(`NULLIF(a.attidentity, '')`, { a: 'always', d: 'by default' }),
      generated: `CASE a.attgenerated WHEN 's' THEN 'stored ' || ${EXPRESSION} WHEN 'v' THEN 'virtual ' || ${EXPRESSION} END`,
      storage: `CASE WHEN a.attstorage <> t.typstorage THEN ${words('a.attstorage', { p: 'plain', e: 'external', x: 'extended', m: 'main' })} END`,
      compression: words(`NULLIF(a.attcompression, '')`, { p: 'pglz', l: 'lz4' }),
      'statistics target': `CASE WHEN ${hasTarget} THEN a.attstattarget END`,
      options: sortedList('a.attoptions'),
      'foreign options': sortedList('a.attfdwoptions'),
      inherited: `CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'inherited and local' ELSE 'inherited' END END`,
      grants: grants('c', 'a.attacl', 'rel.relowner'),
      comment: comment('pg_class', 'rel.oid', 'a.attnum'),
      ...(major >= 18 && {
        'not null constraint': `CASE WHEN a.attnotnull THEN (SELECT NULLIF(concat_ws(', ', CASE WHEN NOT k.convalidated THEN 'not validated' END,
          CASE WHEN k.connoinherit THEN 'no inherit' END, 'comment: ' || ${commentSql('pg_constraint', 'k.oid')}), '') ${notNullConstraint}) END`,
      }),
    },
    notes: {
      position: 'a.attnum',
      ...(major >= 18 && {
        'not null constraint name': `CASE WHEN a.attnotnull THEN (SELECT k.conname ${notNullConstraint}) END`,
      }),
    },
  };
  const ofViews: KindSpec = {
    ...ofTables,
    kind: `'view column settings'`,
    where: anyListed('rv', 'rm'),
    from: `${COLUMNS} WHERE rel.relkind IN ('v', 'm') AND ${hasSettings(hasTarget)}`,
  };
  return [ofTables, ofViews];
}

const COLUMNS = `rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum`;
const EXPRESSION = 'pg_get_expr(d.adbin, d.adrelid)';

/** The name of a tablespace; NULL: the database's own. */
export function tablespace(oid: string): Exclude<AttributeSpec, string> {
  return {
    sql: `CASE WHEN ${oid} <> 0 THEN (SELECT ts.spcname FROM pg_tablespace ts WHERE ts.oid = ${oid}) END`,
    // What is in the server's own tablespaces is in that of its database, which 0 stands for, or shared.
    where: anyOf('pg_tablespace'),
  };
}

/** Tables, foreign tables, views, materialized views, sequences and columns. */
export function relationKinds(major: number): readonly KindSpec[] {
  return [TABLES, VIEWS, MATERIALIZED_VIEWS, SEQUENCES, ...columns(major)];
}
