/**
 * The catalog: every entry of `sqlite_schema`, taken apart so that the same structure reads the same however it was written.
 * A column added by ALTER TABLE equals the same column in CREATE TABLE, `"users"` equals `users`, and a table rebuilt under
 * another name and renamed equals the original.
 */
import { makeCatalog } from '../../core/catalog.ts';
import type { Catalog, CatalogObject } from '../../core/catalog.ts';
import type { ConstraintKind, ParsedConstraint } from './create-table.ts';
import { foldName, normaliseExpression, normaliseTokens } from './normal-form.ts';
import { quoteIdentifier } from './quote.ts';
import { findTable } from './schema.ts';
import type { RawColumn, RawForeignKey, RawIndex, RawSchema, RawTable, SchemaEntry } from './schema.ts';
import { isMark, isWord, nameOf, skipParentheses, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

type Attributes = Record<string, string | null>;

/** The catalog of a schema. */
export function buildCatalog(schema: RawSchema): Catalog {
  const objects = [
    describeDatabase(schema),
    ...schema.tables.flatMap((table) => describeTable(schema, table)),
    ...schema.entries.filter(({ type }) => type === 'view').map(describeView),
    ...schema.entries.filter(({ type }) => type === 'trigger').map(describeTrigger),
  ];
  return makeCatalog(numberTwins(objects));
}

function describeDatabase(schema: RawSchema): CatalogObject {
  const { userVersion, applicationId, encoding, autoVacuum, journal } = schema.settings;
  return {
    kind: 'database',
    name: 'main',
    table: null,
    attributes: {
      'user version': userVersion,
      'application id': applicationId,
      encoding,
      'auto vacuum': autoVacuum,
      journal,
    },
    // SQLite makes this table with the first AUTOINCREMENT and refuses to drop it: no down could.
    notes: { 'sequence table': schema.hasSequences ? 'present' : 'absent' },
  };
}

function describeTable(schema: RawSchema, table: RawTable): CatalogObject[] {
  if (table.kind === 'virtual') {
    return [
      object('virtual table', table.key, table, { module: normaliseTokens(afterWord(tokenize(table.sql), 'USING')) }),
    ];
  }
  const own: Attributes = {
    'without rowid': yes(table.isWithoutRowid),
    strict: yes(table.isStrict),
    autoincrement: yes(table.isAutoincrement),
  };
  const checks = constraintsOf(table, 'check');
  return [
    object('table', table.key, table, own),
    ...table.columns.map((column, index) => describeColumn(table, column, index)),
    ...describePrimaryKey(table),
    ...table.indexes.filter(({ origin }) => origin === 'constraint').map((index) => describeUnique(table, index)),
    ...table.indexes.filter(({ origin }) => origin === 'index').map((index) => describeIndex(table, index)),
    ...table.foreignKeys.map((key) => describeForeignKey(schema, table, key)),
    ...checks.map((check) => describeCheck(table, check)),
  ];
}

function describeColumn(table: RawTable, column: RawColumn, index: number): CatalogObject {
  const constraints = columnConstraints(table, column.name);
  const generated = constraints.find(({ kind }) => kind === 'generated');
  const collation = constraints.findLast(({ kind }) => kind === 'collate')?.body[0];
  const notNull = constraints.findLast(({ kind }) => kind === 'not null');
  return {
    ...object('column', `${table.key}.${quoteIdentifier(column.name)}`, table, {
      type: normaliseType(column.type),
      'not null': yes(column.isNotNull),
      'on null': notNull?.onConflict ?? null,
      default: column.defaultSql === null ? null : normaliseExpression(tokenize(column.defaultSql)),
      collation: collation === undefined ? 'BINARY' : nameOf(collation).toUpperCase(),
      generated:
        column.generated === null
          ? null
          : `${column.generated} ${normaliseExpression(expressionOf(generated?.body ?? []))}`,
      hidden: yes(column.isHidden),
    }),
    notes: { position: String(index + 1) },
  };
}

/** Types are upper-case with single blanks: SQLite derives the affinity from letters alone, in either case. */
export function normaliseType(type: string): string {
  return normaliseTokens(tokenize(type)).toUpperCase();
}

function describePrimaryKey(table: RawTable): CatalogObject[] {
  const columns = table.columns
    .filter(({ keyPosition }) => keyPosition > 0)
    .toSorted((a, b) => a.keyPosition - b.keyPosition);
  const parsed = constraintsOf(table, 'primary key')[0];
  if (columns.length === 0) return [];
  const index = table.indexes.find(({ origin }) => origin === 'primary key');
  return [
    object('primary key', `${table.key} PRIMARY KEY`, table, {
      columns:
        index === undefined
          ? columns.map(({ name }) => foldedName(name)).join(', ')
          : termsOf(index, columnCollations(table)),
      // INTEGER PRIMARY KEY DESC is no alias of the rowid, which no pragma but the index's existence tells.
      'is rowid': yes(index === undefined && !table.isWithoutRowid),
      'on conflict': parsed?.onConflict ?? null,
      'constraint name': parsed?.name ?? null,
    }),
  ];
}

function describeUnique(table: RawTable, index: RawIndex): CatalogObject {
  const columns = index.terms.map(({ column }) => foldName(column ?? ''));
  const parsed = constraintsOf(table, 'unique').find((unique) => {
    const listed = unique.body.length === 0 ? [foldName(unique.column ?? '')] : columnNames(unique.body);
    return listed.join('\0') === columns.join('\0');
  });
  return object(
    'unique constraint',
    `${table.key} (${index.terms.map((term) => foldedName(term.column ?? '')).join(', ')})`,
    table,
    {
      columns: termsOf(index, columnCollations(table)),
      'on conflict': parsed?.onConflict ?? null,
      'constraint name': parsed?.name ?? null,
    },
  );
}

function describeIndex(table: RawTable, index: RawIndex): CatalogObject {
  const tokens = tokenize(index.sql ?? '');
  const open = tokens.findIndex((token) => isMark(token, '('));
  const close = skipParentheses(tokens, open);
  const where = tokens.slice(close);
  return object('index', quoteIdentifier(index.name), table, {
    columns: index.terms.some(({ column }) => column === null)
      ? normaliseTokens(tokens.slice(open + 1, close - 1))
      : termsOf(index, columnCollations(table)),
    unique: yes(index.isUnique),
    where: isWord(where[0], 'WHERE') ? normaliseExpression(where.slice(1)) : null,
  });
}

function describeForeignKey(schema: RawSchema, table: RawTable, key: RawForeignKey): CatalogObject {
  const parent = findTable(schema, key.refTable);
  const target =
    key.refColumns ??
    parent?.columns
      .filter(({ keyPosition }) => keyPosition > 0)
      .toSorted((a, b) => a.keyPosition - b.keyPosition)
      .map(({ name }) => name) ??
    [];
  const columns = key.columns.map(foldedName).join(', ');
  const parsed = parsedForeignKey(table, key);
  return object('foreign key', `${table.key} (${columns})`, table, {
    references: `${foldedName(key.refTable)} (${target.map(foldedName).join(', ')})`,
    'on update': key.onUpdate,
    'on delete': key.onDelete,
    deferrable: deferrability(parsed?.body ?? []),
    'constraint name': parsed?.name ?? null,
  });
}

/** What the table's text says of a foreign key. */
export function parsedForeignKey(table: RawTable, key: RawForeignKey): ParsedConstraint | undefined {
  const folded = key.columns.map(foldName).join('\0');
  return constraintsOf(table, 'foreign key').find((foreign) => {
    const listed = isMark(foreign.body[0], '(') ? columnNames(foreign.body) : [foldName(foreign.column ?? '')];
    return listed.join('\0') === folded && foldName(referredTable(foreign.body)) === foldName(key.refTable);
  });
}

function describeCheck(table: RawTable, check: ParsedConstraint): CatalogObject {
  const expression = normaliseExpression(expressionOf(check.body));
  const name =
    check.name === null ? `${table.key} CHECK (${expression})` : `${table.key}.${quoteIdentifier(check.name)}`;
  return object('check constraint', name, table, { condition: expression });
}

function describeView(entry: SchemaEntry): CatalogObject {
  const tokens = tokenize(entry.sql ?? '');
  const key = quoteIdentifier(entry.name);
  return {
    kind: 'view',
    name: key,
    table: key,
    attributes: { definition: normaliseTokens(afterName(tokens, 'VIEW')) },
  };
}

function describeTrigger(entry: SchemaEntry): CatalogObject {
  return {
    kind: 'trigger',
    name: quoteIdentifier(entry.name),
    table: quoteIdentifier(entry.tableName),
    attributes: { definition: normaliseTokens(afterName(tokenize(entry.sql ?? ''), 'TRIGGER')) },
  };
}

function object(kind: string, name: string, table: RawTable, attributes: Attributes): CatalogObject {
  return { kind, name, table: table.key, attributes };
}

/** Two foreign keys over the same columns, or a check written twice, get numbers. */
function numberTwins(objects: readonly CatalogObject[]): CatalogObject[] {
  const seen = new Map<string, number>();
  return objects.map((each) => {
    const identity = `${each.kind}\0${each.name}`;
    const number = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, number);
    return number === 1 ? each : { ...each, name: `${each.name} #${number}` };
  });
}

function yes(fact: boolean): string {
  return fact ? 'yes' : 'no';
}

function foldedName(name: string): string {
  return quoteIdentifier(foldName(name));
}

/** A constraint of the table or of one of its columns, with that column's name. */
type PlacedConstraint = ParsedConstraint & { readonly column: string | null };

/** The table's constraints of a kind, wherever they are written. */
export function constraintsOf(table: RawTable, kind: ConstraintKind): PlacedConstraint[] {
  const ofColumns = (table.parsed?.columns ?? []).flatMap((column) =>
    column.constraints.map((constraint) => ({ ...constraint, column: column.name })),
  );
  const ofTable = (table.parsed?.constraints ?? []).map((constraint) => ({ ...constraint, column: null }));
  return [...ofColumns, ...ofTable].filter((constraint) => constraint.kind === kind);
}

/** The constraints written at a column. */
export function columnConstraints(table: RawTable, column: string): readonly ParsedConstraint[] {
  const folded = foldName(column);
  return table.parsed?.columns.find(({ name }) => foldName(name) === folded)?.constraints ?? [];
}

/** What stands in the parentheses that `body` opens with. */
export function expressionOf(body: readonly Token[]): readonly Token[] {
  return isMark(body[0], '(') ? body.slice(1, skipParentheses(body, 0) - 1) : body;
}

function columnCollations(table: RawTable): ReadonlyMap<string, string> {
  return new Map(
    table.columns.map(({ name }) => {
      const token = columnConstraints(table, name).findLast(({ kind }) => kind === 'collate')?.body[0];
      return [foldName(name), token === undefined ? 'BINARY' : nameOf(token).toUpperCase()];
    }),
  );
}

/** An index's terms; a collation is named only where it is not the column's own. */
function termsOf(index: RawIndex, collations: ReadonlyMap<string, string>): string {
  return index.terms
    .map(({ column, collation, isDescending }) => {
      const own = collations.get(foldName(column ?? '')) ?? 'BINARY';
      const collate = collation.toUpperCase() === own ? '' : ` COLLATE ${collation.toUpperCase()}`;
      return `${foldedName(column ?? '')}${collate}${isDescending ? ' DESC' : ''}`;
    })
    .join(', ');
}

/** The folded names in a list such as `(a COLLATE NOCASE, "b" DESC)`. */
function columnNames(body: readonly Token[]): string[] {
  const names: string[] = [];
  let isNext = true;
  for (const token of expressionOf(body)) {
    if (isMark(token, ',')) isNext = true;
    else if (isNext) {
      names.push(foldName(nameOf(token)));
      isNext = false;
    }
  }
  return names;
}

function referredTable(body: readonly Token[]): string {
  const at = body.findIndex((token) => isWord(token, 'REFERENCES'));
  const token = body[at + 1];
  return token === undefined ? '' : nameOf(token);
}

function deferrability(body: readonly Token[]): string {
  const at = body.findIndex((token) => isWord(token, 'DEFERRABLE'));
  if (at === -1 || isWord(body[at - 1], 'NOT')) return 'no';
  return isWord(body[at + 2], 'DEFERRED') ? 'initially deferred' : 'initially immediate';
}

function afterWord(tokens: readonly Token[], word: string): readonly Token[] {
  const at = tokens.findIndex((token) => isWord(token, word));
  return tokens.slice(at + 1);
}

/** What follows the object's name, which may be qualified. */
function afterName(tokens: readonly Token[], kind: string): readonly Token[] {
  let rest = afterWord(tokens, kind);
  if (isWord(rest[0], 'IF')) rest = rest.slice(3);
  return rest.slice(isMark(rest[1], '.') ? 3 : 1);
}
