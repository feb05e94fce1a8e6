/**
 * The facts about a schema that a model is made of, as one statement's answer. OIDs tie them together and go no further.
 */
import type { Client } from 'pg';
import { FIRST_USER_OID } from '../catalog/fragments.ts';
import { serverMajor } from '../server-major.ts';

export interface TableFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `range`, `list` or `hash`; null: not partitioned. */
  readonly strategy: 'r' | 'l' | 'h' | null;
  /** Attribute numbers of the partition key, 0 for expressions, and the expressions' node tree. */
  readonly partitionColumns: readonly number[] | null;
  readonly partitionExpressions: string | null;
  /** A rule that does something else instead of inserting. */
  readonly insteadRule: string | null;
  readonly triggers: readonly string[] | null;
}

export interface ColumnFacts {
  readonly table: number;
  readonly number: number;
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
  readonly isNotNull: boolean;
  readonly defaultSql: string | null;
  readonly generated: '' | 's' | 'v';
  readonly identity: '' | 'a' | 'd';
  readonly isDeterministic: boolean | null;
}

export interface TypeFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: base, composite, domain, enum, pseudo, range, multirange. */
  readonly sort: 'b' | 'c' | 'd' | 'e' | 'p' | 'r' | 'm';
  /** The extension that made it. */
  readonly extension: string | null;
  /** The element's type where this is its array type. */
  readonly element: number | null;
  readonly base: number;
  readonly baseModifier: number;
  readonly isNotNull: boolean;
  readonly defaultSql: string | null;
  readonly isDeterministic: boolean | null;
  readonly labels: readonly string[] | null;
  readonly checks: readonly string[] | null;
  readonly fields:
    | readonly {
        readonly name: string;
        readonly type: number;
        readonly modifier: number;
        readonly isDeterministic: boolean | null;
      }[]
    | null;
  readonly subtype: number | null;
  readonly isDiscrete: boolean | null;
}

export interface ConstraintFacts {
  readonly table: number;
  readonly name: string;
  /** pg_constraint.contype: foreign key, check, exclusion, and keys WITHOUT OVERLAPS, which exclude as well. */
  readonly sort: 'f' | 'c' | 'x' | 'p' | 'u';
  /** Attribute numbers; 0 for expressions. */
  readonly columns: readonly number[] | null;
  /** A check's condition; an exclusion constraint's definition; null for foreign keys. */
  readonly sql: string | null;
  readonly isValidated: boolean;
  readonly isEnforced: boolean;
  readonly isDeferrable: boolean;
  readonly refTable: number;
  readonly refColumns: readonly number[] | null;
  readonly match: string;
  readonly onDelete: string;
  readonly onUpdate: string;
  /** The columns of ON DELETE SET NULL (columns). */
  readonly onDeleteColumns: readonly number[] | null;
  /** Node trees of the index behind an exclusion constraint. */
  readonly expressions: string | null;
}

export interface UniqueFacts {
  readonly table: number;
  readonly name: string;
  readonly columns: readonly number[];
  /** Each key column or expression as SQL. */
  readonly parts: readonly string[];
  readonly expressions: string | null;
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  readonly isPrimary: boolean;
}

export interface PartitionFacts {
  readonly table: number;
  readonly parent: number;
  readonly bound: string;
  readonly isLeaf: boolean;
}

export interface Facts {
  readonly tables: readonly TableFacts[];
  readonly columns: readonly ColumnFacts[];
  readonly types: readonly TypeFacts[];
  readonly constraints: readonly ConstraintFacts[];
  readonly uniques: readonly UniqueFacts[];
  readonly partitions: readonly PartitionFacts[];
}

/** Reads the facts in one round trip. `search_path` must not shorten names. */
export async function readFacts(client: Client): Promise<Facts> {
  const parts = factQueries(await serverMajor(client));
  const pairs = Object.entries(parts).map(
    ([name, sql]) => `'${name}', (SELECT COALESCE(json_agg(f), '[]') FROM (${sql}) f)`,
  );
  const result = await client.query<{ facts: string }>(
    `WITH model_table AS MATERIALIZED (${MODEL_TABLES}) SELECT json_build_object(${pairs.join(',\n')})::text AS facts`,
  );
  return JSON.parse(result.rows[0]?.facts ?? '{}') as Facts;
}

/** Where rows live: ordinary tables and the roots of partitioned ones. */
const MODEL_TABLES = `
  SELECT c.oid, n.nspname, c.relname, c.relkind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= ${FIRST_USER_OID} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** Triggers and rules in these states fire in an ordinary session. */
const FIRES = `IN ('O', 'A')`;

function factQueries(major: number): Record<keyof Facts, string> {
  const isEnforced = major >= 18 ? 'k.conenforced' : 'true';
  return {
    tables: `
      SELECT m.oid::int8 AS oid, m.nspname AS schema, m.relname AS name, p.partstrat AS strategy,
        p.partattrs::int2[] AS "partitionColumns", p.partexprs::text AS "partitionExpressions",
        (SELECT min(r.rulename::text COLLATE "C") FROM pg_rewrite r WHERE r.ev_class = m.oid AND r.ev_type = '3' AND r.is_instead AND r.ev_enabled ${FIRES}) AS "insteadRule",
        (SELECT json_agg(g.tgname ORDER BY g.tgname) FROM pg_trigger g WHERE g.tgrelid = m.oid AND NOT g.tgisinternal AND g.tgenabled ${FIRES}) AS triggers
      FROM model_table m LEFT JOIN pg_partitioned_table p ON p.partrelid = m.oid`,
    columns: `
      SELECT m.oid::int8 AS table, a.attnum AS number, a.attname AS name, a.atttypid::int8 AS type, a.atttypmod AS modifier, a.attnotnull AS "isNotNull",
        pg_get_expr(d.adbin, d.adrelid) AS "defaultSql", a.attgenerated AS generated, a.attidentity AS identity, co.collisdeterministic AS "isDeterministic"
      FROM model_table m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = m.oid AND d.adnum = a.attnum LEFT JOIN pg_collation co ON co.oid = a.attcollation
      ORDER BY m.oid, a.attnum`,
    types: `
      SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name, t.typtype AS sort,
        (SELECT x.extname FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
          WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass) AS extension,
        (SELECT e.oid::int8 FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid) AS element,
        t.typbasetype::int8 AS base, t.typtypmod AS "baseModifier", t.typnotnull AS "isNotNull", t.typdefault AS "defaultSql", co.collisdeterministic AS "isDeterministic",
        CASE t.typtype WHEN 'e' THEN (SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid) END AS labels,
        CASE t.typtype WHEN 'd' THEN (SELECT json_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') END AS checks,
        CASE t.typtype WHEN 'c' THEN (SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8, 'modifier', a.atttypmod,
            'isDeterministic', (SELECT fc.collisdeterministic FROM pg_collation fc WHERE fc.oid = a.attcollation)) ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END AS fields,
        r.rngsubtype::int8 AS subtype, r.rngcanonical <> 0 AS "isDiscrete"
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid) LEFT JOIN pg_collation co ON co.oid = t.typcollation
      WHERE (t.oid >= ${FIRST_USER_OID} OR t.typtype IN ('b', 'r', 'm')) AND n.nspname !~ '^pg_(toast|temp)'`,
    constraints: `
      SELECT m.oid::int8 AS table, k.conname AS name, k.contype AS sort, k.conkey AS columns,
        CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'f' THEN NULL ELSE pg_get_constraintdef(k.oid) END AS sql,
        k.convalidated AS "isValidated",
        ${isEnforced} AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgrelid = k.conrelid AND NOT g.tgenabled ${FIRES}) AS "isEnforced",
        k.condeferrable AS "isDeferrable", k.confrelid::int8 AS "refTable", k.confkey AS "refColumns", k.confmatchtype AS match,
        k.confdeltype AS "onDelete", k.confupdtype AS "onUpdate", ${major >= 15 ? 'k.confdelsetcols' : 'NULL::int2[]'} AS "onDeleteColumns",
        x.indexprs::text AS expressions
      FROM model_table m JOIN pg_constraint k ON k.conrelid = m.oid
      LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype <> 'f'
      WHERE k.conparentid = 0 AND (k.contype IN ('f', 'c', 'x') ${major >= 18 ? "OR (k.contype IN ('p', 'u') AND k.conperiod)" : ''})`,
    uniques: `
      SELECT m.oid::int8 AS table, i.relname AS name, (x.indkey::int2[])[0:x.indnkeyatts - 1] AS columns,
        (SELECT json_agg(pg_get_indexdef(x.indexrelid, s.n, false) ORDER BY s.n) FROM generate_series(1, x.indnkeyatts) s(n)) AS parts,
        x.indexprs::text AS expressions, pg_get_expr(x.indpred, x.indrelid) AS predicate,
        ${major >= 15 ? 'x.indnullsnotdistinct' : 'false'} AS "nullsNotDistinct", x.indisprimary AS "isPrimary"
      FROM model_table m JOIN pg_index x ON x.indrelid = m.oid JOIN pg_class i ON i.oid = x.indexrelid
      WHERE x.indisunique AND x.indisready AND x.indislive`,
    partitions: `
      SELECT c.oid::int8 AS table, h.inhparent::int8 AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound, c.relkind <> 'p' AS "isLeaf"
      FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid
      WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND NOT h.inhdetachpending`,
  };
}
