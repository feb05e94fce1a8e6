/**
 * The structure of a PostgreSQL database as a `Catalog`: everything that `rollback-restores` compares, on majors 14 to 18.
 *
 * Two prepared statements. The first marks every relation and answers the conditions of the kinds (`catalog/`): which of them, and which of their attributes, can be there.
 * The second reads those kinds alone, one scalar JSON subquery each: most of what PostgreSQL spends on such a statement goes into planning and starting it, not into rows.
 * A relation whose catalog rows are those of an earlier look at the database is not read again (`catalog/marks.ts`).
 * What the server answers about a relation mostly is what it answered for other databases with the same structure, and finds the objects that were made of it
 * before (`catalog/memory.ts`).
 *
 * Objects of extensions, of the system and of other objects (toast tables, row types, a key's triggers) are not listed.
 */
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import { tablePartKinds } from './catalog/constraints.ts';
import { databaseKinds } from './catalog/database.ts';
import { COMMENTED_CTE, LISTED } from './catalog/fragments.ts';
import type { Conditions, KindRow, KindSpec } from './catalog/kind.ts';
import { compileKind, conditionsOf, readKind } from './catalog/kind.ts';
import { MARKED, MARKED_TABLES, NAMED, presenceSql, readPresence, RELATIONS_CTE } from './catalog/marks.ts';
import { areNamesKept, catalogOf, hasRenamedColumn, pieceOf } from './catalog/memory.ts';
import type { CatalogMemory, KnownRelation, Piece } from './catalog/memory.ts';
import { relationKinds } from './catalog/relations.ts';
import { ROUTINE_KINDS } from './catalog/routines.ts';
import { TEXT_SEARCH_KINDS } from './catalog/text-search.ts';
import { typeKinds } from './catalog/types.ts';
import { AS_TEXT } from './connection.ts';
import { serverMajor } from './server-major.ts';

/** What `readCatalog` leaves out. */
export interface CatalogOptions {
  /** Whether the roles of the server are listed (default true). Other users of a shared server may add roles at any time. */
  readonly roles?: boolean;
}

export interface CatalogReading {
  readonly catalog: Catalog;
  readonly memory: CatalogMemory;
}

/** As `readCatalogSince`, everything. */
export async function readCatalog(client: Client, options: CatalogOptions = {}): Promise<Catalog> {
  return (await readCatalogSince(client, null, options)).catalog;
}

/**
 * Reads the catalog in two round trips, in three where a column was renamed, with one more on a connection's first call. `memory`: of an
 * earlier look at this database or at the template it was cloned from; null: everything is read. The same structure mostly gives the same `Catalog` object.
 * For one consistent look the caller's transaction must be `REPEATABLE READ`.
 *
 * Settings that change how definitions are printed (`TimeZone`, `DateStyle`) are the caller's. A `search_path` that
 * would shorten names is replaced by `SET LOCAL` for the rest of the transaction. The statements stay prepared on the connection: they must not be discarded there.
 * Errors of the connection pass through; `PalindromeError` `unsupported-engine` where the server is older than 14.
 */
export async function readCatalogSince(
  client: Client,
  memory: CatalogMemory | null,
  options: CatalogOptions = {},
): Promise<CatalogReading> {
  const plan = planFor(await serverMajor(client), options.roles ?? true);
  const marks = await readMarks(client, plan);
  if (!PRINTS_WHOLE_NAMES.has(marks.searchPath)) await client.query('SET LOCAL search_path = pg_catalog');
  const usable = memory !== null && areNamesKept(memory, marks) ? memory : null;
  const details = detailsOf(plan, marks.there);
  const read = await ask(client, details, [changedSince(usable, marks)]);
  const joined = joinRelations(details, read, marks, usable);
  const relations =
    joined ?? joinRelations(details, await ask(client, details, [changedSince(null, marks)]), marks, null);
  if (relations === null) throw new TypeError('everything that was read has its pieces');
  return {
    catalog: catalogOf([...[...relations.values()].map(({ piece }) => piece), restOf(details, read)]),
    memory: { relations, named: marks.named, surroundings: marks.surroundings },
  };
}

const PRINTS_WHOLE_NAMES: ReadonlySet<string> = new Set(['', '""', 'pg_catalog']);

/** A statement whose answer is one row. */
interface Statement {
  readonly name: string;
  readonly sql: string;
}

/** A statement that reads these kinds, of the relations whose OIDs it is given. */
interface Details extends Statement {
  /** Of which plan: rows of different plans are not read alike. */
  readonly plan: string;
  readonly kinds: readonly KindSpec[];
}

interface Plan {
  readonly marks: Statement;
  readonly kinds: readonly KindSpec[];
  readonly conditions: readonly string[];
  /** By the numbers of the conditions that hold. */
  readonly details: Map<string, Details>;
}

type Values = readonly (string | null)[];

async function ask(client: Client, { name, sql }: Statement, values: readonly unknown[]): Promise<Values> {
  const query = { name, text: sql, values: [...values], rowMode: 'array' as const, types: AS_TEXT };
  const { rows } = await client.query<(string | null)[]>(query);
  return rows[0] ?? [];
}

const PLANS = new Map<string, Plan>();

function planFor(major: number, roles: boolean): Plan {
  const name = `palindrome-catalog-${major}${roles ? '-roles' : ''}`;
  const known = PLANS.get(name);
  if (known !== undefined) return known;
  const kinds = [
    ...relationKinds(major),
    ...tablePartKinds(major),
    ...typeKinds(major),
    ...ROUTINE_KINDS,
    ...TEXT_SEARCH_KINDS,
    ...databaseKinds(major, { roles }),
  ];
  const conditions = conditionsOf(kinds);
  const values = [`current_setting('search_path')`, presenceSql(conditions), NAMED, MARKED];
  const plan: Plan = {
    marks: { name, sql: `WITH ${MARKED_TABLES} ${select(values)}` },
    kinds,
    conditions,
    details: new Map(),
  };
  PLANS.set(name, plan);
  return plan;
}

function select(values: readonly string[]): string {
  return `SELECT ${values.map((value, index) => `${value} AS v${index}`).join(',\n')}`;
}

/** The statement that reads what can be there. */
function detailsOf({ marks: { name }, kinds, conditions, details }: Plan, there: Conditions): Details {
  const key = conditions.flatMap((condition, index) => (there.has(condition) ? [index] : [])).join(' ');
  const known = details.get(key);
  if (known !== undefined) return known;
  const asked = kinds.filter(({ where }) => where === undefined || there.has(where));
  const values = select(asked.map((kind) => compileKind(kind, there)));
  const tables = [
    `every AS (${RELATIONS_CTE})`,
    'rel AS MATERIALIZED (SELECT * FROM every WHERE every.oid = ANY ($1::oid[]))',
    ...(values.includes('FROM commented') ? [`commented AS MATERIALIZED (${COMMENTED_CTE})`] : []),
  ];
  const made: Details = {
    plan: name,
    name: `${name}-${details.size}`,
    sql: `WITH ${tables.join(', ')} ${values}`,
    kinds: asked,
  };
  details.set(key, made);
  return made;
}

/** The answer of the first statement. */
interface Marks extends Pick<CatalogMemory, 'named' | 'surroundings'> {
  readonly searchPath: string;
  readonly there: Conditions;
  /** By OID. */
  readonly relations: ReadonlyMap<string, { readonly mark: string; readonly name: string; readonly kind: string }>;
}

async function readMarks(client: Client, plan: Plan): Promise<Marks> {
  const [searchPath, presence, named, marked] = await ask(client, plan.marks, []);
  const { there, surroundings } = readPresence(plan.conditions, presence ?? '[]');
  const listed = (named ?? '').split(',').map((one) => one.split(':'));
  const relations = JSON.parse(marked ?? '[]') as (readonly [oid: string, mark: string, name: string, kind: string])[];
  const sorts = new Set([...listed.map(([sort]) => sort), ...relations.map(([, , , kind]) => `r${kind}`)]);
  const isListed = (condition: string): boolean =>
    condition.startsWith(LISTED) && condition.split(LISTED).some((sort) => sorts.has(sort));
  return {
    searchPath: searchPath ?? '',
    there: new Set([...there, ...plan.conditions.filter(isListed)]),
    surroundings,
    named: new Map(listed.map(([, oid, xmin]) => [oid ?? '', xmin ?? ''])),
    relations: new Map(relations.map(([oid, mark, name, kind]) => [oid, { mark, name, kind }])),
  };
}

/** Views say what other relations' columns are called: they are always read. */
const ALWAYS_READ: ReadonlySet<string> = new Set(['v', 'm', 'S']);

/** OIDs of the relations that have to be read. */
function changedSince(memory: CatalogMemory | null, { relations }: Marks): readonly string[] {
  return [...relations]
    .filter(([oid, { mark, kind }]) => ALWAYS_READ.has(kind) || memory?.relations.get(oid)?.mark !== mark)
    .map(([oid]) => oid);
}

/** What was read and, for the other relations, what is remembered, by OID; null where a column's name changed, which may stand in what is remembered. */
function joinRelations(
  details: Details,
  read: Values,
  marks: Marks,
  memory: CatalogMemory | null,
): ReadonlyMap<string, KnownRelation> | null {
  const rowsByRelation = groupRows(details.kinds, read);
  const relations = new Map<string, KnownRelation>();
  for (const [oid, { mark, name }] of marks.relations) {
    const rows = rowsByRelation.get(oid);
    const known = memory?.relations.get(oid);
    const piece = rows === undefined ? known?.piece : relationPiece(details, rows);
    if (piece === undefined || (known !== undefined && hasRenamedColumn(known.piece, piece))) return null;
    relations.set(oid, { mark, name, piece });
  }
  return relations;
}

/** A relation's row, after its kind's number. */
type NumberedRow = readonly [kind: number, row: KindRow];

function groupRows(kinds: readonly KindSpec[], values: Values): ReadonlyMap<string, NumberedRow[]> {
  const groups = new Map<string, NumberedRow[]>();
  kinds.forEach((kind, index) => {
    const text = kind.isOfRelation ? (values[index] ?? null) : null;
    if (text === null) return;
    for (const [oid, ...row] of JSON.parse(text) as KindRow[]) {
      const group = groups.get(oid ?? '');
      if (group === undefined) groups.set(oid ?? '', [[index, row]]);
      else group.push([index, row]);
    }
  });
  return groups;
}

function relationPiece({ plan, kinds }: Details, rows: readonly NumberedRow[]): Piece {
  return pieceOf(plan + JSON.stringify(rows.map(([index, row]) => [kinds[index]?.kind, row])), () =>
    rows.flatMap(([index, row]) => {
      const kind = kinds[index];
      return kind === undefined ? [] : readKind(kind, [row]);
    }),
  );
}

/** The objects that belong to no relation. */
function restOf({ plan, kinds }: Details, values: Values): Piece {
  const texts = kinds.map((kind, index) => (kind.isOfRelation ? null : (values[index] ?? null)));
  return pieceOf([plan, ...kinds.map(({ kind }) => kind), ...texts].join('\n'), () =>
    kinds.flatMap((kind, index) => {
      const text = texts[index] ?? null;
      return text === null ? [] : readKind(kind, JSON.parse(text) as KindRow[]);
    }),
  );
}
