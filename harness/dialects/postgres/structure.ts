/**
 * What there is to read in a database: its tables, sequences and materialised views. Enough for rows, not for comparing schemas.
 */
import type { Client } from 'pg';
import { queryPrepared } from './connection.ts';
import { quoteIdentifier, quoteQualified } from './quote.ts';

export interface TableShape {
  readonly key: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  /** Indexes of the generated columns. */
  readonly generated: ReadonlySet<number>;
  readonly primaryKey: readonly string[];
  /** `ONLY key` where a table may have children that are tables of their own. */
  readonly from: string;
}

export interface SequenceShape {
  readonly name: string;
  readonly increment: string;
  readonly max: string;
  readonly min: string;
  readonly ownedBy: { readonly table: string; readonly column: string } | null;
}

export interface Structure {
  readonly tables: readonly TableShape[];
  readonly sequences: readonly SequenceShape[];
  /** Populated materialised views, qualified and quoted, with their columns. */
  readonly materialized: readonly { readonly key: string; readonly columns: readonly string[] }[];
}

/** Of a namespace `n`: it is not the server's own. */
export const NOT_SYSTEM = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;
/** Members of extensions belong to the extension: their rows are not the migrations'. */
export const notMember = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const TABLES_SQL = `
SELECT n.nspname, c.relname, c.relkind,
  (SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '') ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  (SELECT json_agg(a.attname ORDER BY k.position)
     FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, position), pg_attribute a
    WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum AND k.position <= i.indnkeyatts)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (c.relkind IN ('r', 'p') AND NOT c.relispartition OR c.relkind = 'm' AND c.relispopulated)
  AND ${NOT_SYSTEM} AND ${notMember('pg_class', 'c.oid')}
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

const SEQUENCES_SQL = `
SELECT n.nspname, c.relname, s.seqincrement, s.seqmax, s.seqmin, o.schema, o.name, o.attname
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
  SELECT tn.nspname AS schema, t.relname AS name, a.attname
  FROM (
    SELECT d.refobjid AS relid, d.refobjsubid AS attnum, 0 AS rank FROM pg_depend d
     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
       AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    UNION ALL
    SELECT ad.adrelid, ad.adnum, 1 FROM pg_depend d JOIN pg_attrdef ad ON ad.oid = d.objid
     WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
  ) link
  JOIN pg_class t ON t.oid = link.relid AND t.relkind IN ('r', 'p')
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = link.attnum
  JOIN pg_type ty ON ty.oid = a.atttypid
  WHERE coalesce(nullif(ty.typbasetype, 0), ty.oid) IN (20, 21, 23, 1700)
  ORDER BY link.rank, t.relispartition, tn.nspname COLLATE "C", t.relname COLLATE "C", link.attnum LIMIT 1
) o ON true
WHERE ${NOT_SYSTEM} AND ${notMember('pg_class', 'c.oid')}
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/**
 * Reads the structure; the caller's transaction decides the snapshot. `search_path` must be empty.
 * The statements stay prepared on the connection: planning them costs more than running them.
 */
export async function readStructure(client: Client): Promise<Structure> {
  const tables = await queryPrepared(client, 'palindrome-tables', TABLES_SQL);
  const sequences = await queryPrepared(client, 'palindrome-sequences', SEQUENCES_SQL);
  const relations = tables.map(([schema, name, kind, columns, primaryKey]) => ({
    kind,
    shape: makeShape(quoteQualified(schema ?? '', name ?? ''), kind ?? '', columns, primaryKey),
  }));
  return {
    tables: relations.filter(({ kind }) => kind !== 'm').map(({ shape }) => shape),
    materialized: relations.filter(({ kind }) => kind === 'm').map(({ shape }) => shape),
    sequences: sequences.map(([schema, name, increment, max, min, ownerSchema, owner, column]) => ({
      name: quoteQualified(schema ?? '', name ?? ''),
      increment: increment ?? '1',
      max: max ?? '',
      min: min ?? '',
      ownedBy:
        owner === null || owner === undefined
          ? null
          : { table: quoteQualified(ownerSchema ?? '', owner), column: column ?? '' },
    })),
  };
}

function makeShape(
  key: string,
  kind: string,
  columnsJson: string | null | undefined,
  primaryKeyJson: string | null | undefined,
): TableShape {
  const columns = JSON.parse(columnsJson ?? '[]') as readonly (readonly [string, string, boolean])[];
  return {
    key,
    columns: columns.map(([name]) => name),
    types: columns.map(([, type]) => type),
    generated: new Set(columns.flatMap(([, , isGenerated], index) => (isGenerated ? [index] : []))),
    primaryKey: JSON.parse(primaryKeyJson ?? '[]') as readonly string[],
    from: kind === 'r' ? `ONLY ${key}` : key,
  };
}

/** A select over every column of a table, in order. */
export function selectRows(table: TableShape, limit: number): string {
  return `SELECT ${table.columns.map(quoteIdentifier).join(', ')} FROM ${table.from} LIMIT ${limit}`;
}
