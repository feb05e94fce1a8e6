/**
 * The schema as generators need it: which rows SQLite would accept.
 */
import type { Check, Column, ColumnType, ForeignKey, SchemaModel, Table, UniqueKey } from '../../core/schema.ts';
import type { Row } from '../../core/dataset.ts';
import { keepsNegativeZero, primaryKeyOf } from './capture.ts';
import { columnConstraints, constraintsOf, expressionOf, normaliseType, parsedForeignKey } from './catalog.ts';
import type { Home } from './home.ts';
import { foldName } from './normal-form.ts';
import { literalSql, quoteIdentifier, quoteName } from './quote.ts';
import { findTable } from './schema.ts';
import type { RawColumn, RawForeignKey, RawIndex, RawSchema, RawTable, SchemaCache } from './schema.ts';
import { isMark, isWord, nameOf, skipParentheses, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Rows that earlier migrations put: at most so many are listed. */
const EXISTING_ROWS = 200;

/** Reads the model of the database. */
export function introspectSchema(home: Home, schemas: SchemaCache, foreignKeys: boolean): SchemaModel {
  const schema = schemas.read(home);
  return {
    dialect: 'sqlite',
    tables: schema.tables.map((table) => describeTable(home, schema, table, foreignKeys)),
  };
}

function describeTable(home: Home, schema: RawSchema, table: RawTable, foreignKeys: boolean): Table {
  const columns = table.columns.filter(({ isHidden }) => !isHidden);
  const primaryKey = primaryKeyOf(table);
  return {
    key: table.key,
    schema: 'main',
    name: table.name,
    columns: columns.map((column) => describeColumn(table, column)),
    primaryKey,
    uniques: describeUniques(table, primaryKey),
    foreignKeys: table.foreignKeys.map((key) => describeForeignKey(schema, table, key, foreignKeys)),
    checks: [...describeChecks(table), ...table.indexes.flatMap((index) => jsonChecks(table, index))],
    exclusions: [],
    triggers: schema.entries
      .filter(({ type, tableName }) => type === 'trigger' && foldName(tableName) === foldName(table.name))
      .map(({ name }) => name),
    partitioning: null,
    notInsertable: whyNotInsertable(schema, table, foreignKeys),
    existing: readExisting(home, table, columns),
  };
}

function describeColumn(table: RawTable, column: RawColumn): Column {
  const isRowid = isRowidAlias(table, column);
  return {
    name: column.name,
    type: columnType(table, column),
    isNullable: !column.isNotNull && !isRowid,
    defaultSql: column.defaultSql,
    generated: column.generated,
    identity: null,
    isAutoNumbered: isRowid,
  };
}

/** INTEGER PRIMARY KEY: the only key of a rowid table for which SQLite makes no index. */
function isRowidAlias(table: RawTable, column: RawColumn): boolean {
  return (
    table.kind === 'table' &&
    column.keyPosition > 0 &&
    !table.isWithoutRowid &&
    table.indexes.every(({ origin }) => origin !== 'primary key')
  );
}

function columnType(table: RawTable, column: RawColumn): ColumnType {
  const declared = normaliseType(column.type);
  const collation = columnConstraints(table, column.name).findLast(({ kind }) => kind === 'collate')?.body[0];
  const isNoCaseKey = table.indexes.some(
    ({ isUnique, terms }) =>
      isUnique &&
      terms.some((term) => foldName(term.column ?? '') === foldName(column.name) && /^nocase$/i.test(term.collation)),
  );
  return {
    kind: 'sqlite',
    affinity: affinityOf(declared, table.isStrict),
    declared,
    isStrict: table.isStrict,
    isNoCase: isNoCaseKey || (collation !== undefined && foldName(nameOf(collation)) === 'nocase'),
  };
}

/** SQLite's five rules, in its order; ANY in a STRICT table converts nothing. */
function affinityOf(declared: string, isStrict: boolean): 'INTEGER' | 'TEXT' | 'REAL' | 'NUMERIC' | 'BLOB' {
  if (isStrict && declared === 'ANY') return 'BLOB';
  if (declared.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(declared)) return 'TEXT';
  if (declared === '' || declared.includes('BLOB')) return 'BLOB';
  return /REAL|FLOA|DOUB/.test(declared) ? 'REAL' : 'NUMERIC';
}

function describeUniques(table: RawTable, primaryKey: readonly string[]): UniqueKey[] {
  const uniques = table.indexes.filter(({ isUnique }) => isUnique).map((index) => describeUnique(table, index));
  if (primaryKey.length === 0 || uniques.some(({ isPrimary }) => isPrimary)) return uniques;
  const name = constraintsOf(table, 'primary key')[0]?.name ?? 'PRIMARY KEY';
  return [keyOver(primaryKey, { name, isPrimary: true }), ...uniques];
}

function keyOver(columns: readonly string[], rest: { readonly name: string; readonly isPrimary: boolean }): UniqueKey {
  return {
    ...rest,
    columns,
    hasExpressions: false,
    sql: columns.map(quoteIdentifier).join(', '),
    predicate: null,
    nullsNotDistinct: false,
  };
}

function describeUnique(table: RawTable, index: RawIndex): UniqueKey {
  const tokens = tokenize(index.sql ?? '');
  const open = tokens.findIndex((token) => isMark(token, '('));
  const close = open === -1 ? 0 : skipParentheses(tokens, open);
  const listed = open === -1 ? [] : tokens.slice(open + 1, close - 1);
  const hasExpressions = index.terms.some(({ column }) => column === null);
  const columns = hasExpressions ? mentionedColumns(table, listed) : index.terms.map(({ column }) => column ?? '');
  const name = index.origin === 'index' ? index.name : nameOfConstraint(table, index);
  const where = tokens.slice(close);
  return {
    ...keyOver(columns, { name, isPrimary: index.origin === 'primary key' }),
    hasExpressions,
    sql: hasExpressions ? sliceSql(index.sql ?? '', listed) : termsSql(index),
    predicate: isWord(where[0], 'WHERE') ? sliceSql(index.sql ?? '', where.slice(1)) : null,
  };
}

function termsSql(index: RawIndex): string {
  return index.terms
    .map(({ column, collation }) => {
      const collate = collation === 'BINARY' ? '' : ` COLLATE ${quoteIdentifier(collation)}`;
      return `${quoteIdentifier(column ?? '')}${collate}`;
    })
    .join(', ');
}

/** The constraint's own name, or what SQLite's message calls it: `t.a, t.b`. */
function nameOfConstraint(table: RawTable, index: RawIndex): string {
  const columns = index.terms.map(({ column }) => column ?? '');
  return columns.map((column) => `${table.name}.${column}`).join(', ');
}

function sliceSql(sql: string, tokens: readonly Token[]): string {
  return sql.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}

function mentionedColumns(table: RawTable, tokens: readonly Token[]): string[] {
  const names = new Set(
    tokens.filter(({ kind }) => kind === 'word' || kind === 'name').map((token) => foldName(nameOf(token))),
  );
  return table.columns.filter(({ name }) => names.has(foldName(name))).map(({ name }) => name);
}

function describeForeignKey(schema: RawSchema, table: RawTable, key: RawForeignKey, isOn: boolean): ForeignKey {
  const parent = findTable(schema, key.refTable);
  const columns = key.columns.map((name) => ownName(table, name));
  const target = key.refColumns ?? (parent === undefined ? [] : primaryKeyOf(parent));
  return {
    name: `${table.name}(${columns.join(', ')})`,
    columns,
    refTable: parent?.key ?? quoteIdentifier(key.refTable),
    refColumns: parent === undefined ? target : target.map((name) => ownName(parent, name)),
    match: 'simple',
    isDeferrable: parsedForeignKey(table, key)?.body.some((token) => isWord(token, 'DEFERRED')) ?? false,
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
    isEnforced: isOn,
  };
}

/** A column's name as its table spells it. */
function ownName(table: RawTable, name: string): string {
  const folded = foldName(name);
  return table.columns.find((column) => foldName(column.name) === folded)?.name ?? name;
}

function describeChecks(table: RawTable): Check[] {
  return constraintsOf(table, 'check').map(({ name, body }) => {
    const expression = expressionOf(body);
    const sql = sliceSql(table.sql, expression);
    // Without a name, SQLite's message gives the condition's text.
    return { name: name ?? sql, sql, columns: mentionedColumns(table, expression), isValidated: true };
  });
}

/** An index on what JSON functions give refuses rows in which the column is no JSON: as good as a check. */
function jsonChecks(table: RawTable, index: RawIndex): Check[] {
  if (index.terms.every(({ column }) => column !== null)) return [];
  const tokens = tokenize(index.sql ?? '');
  const read = tokens.filter(
    (_, at) =>
      (isMark(tokens[at - 1], '(') && /^jsonb?(?:_extract|_array_length|_type)?$/i.test(tokens[at - 2]?.text ?? '')) ||
      /^->>?$/.test(tokens[at + 1]?.text ?? ''),
  );
  return mentionedColumns(table, read).map((column) => {
    const name = quoteIdentifier(column);
    return {
      name: index.name,
      sql: `${name} IS NULL OR json_valid(${name})`,
      columns: [column],
      isValidated: true,
    };
  });
}

function whyNotInsertable(schema: RawSchema, table: RawTable, foreignKeys: boolean): string | null {
  if (table.kind === 'virtual') {
    const tokens = tokenize(table.sql);
    const using = tokens.findIndex((token) => isWord(token, 'USING'));
    const module = tokens[using + 1];
    return `a virtual table (${module === undefined ? 'unknown module' : nameOf(module)}): its module decides what it stores`;
  }
  if (!foreignKeys) return null;
  // With foreign keys on, SQLite refuses to prepare any INSERT into a table with a broken reference.
  for (const key of table.foreignKeys) {
    const reason = whyBroken(schema, key);
    if (reason !== null) return `its foreign key (${key.columns.join(', ')}) ${reason}`;
  }
  return null;
}

function whyBroken(schema: RawSchema, key: RawForeignKey): string | null {
  const parent = findTable(schema, key.refTable);
  if (parent === undefined) return `refers to ${quoteIdentifier(key.refTable)}, which is not there`;
  const target = (key.refColumns ?? primaryKeyOf(parent)).map(foldName);
  const keys = [
    primaryKeyOf(parent),
    ...parent.indexes
      .filter(({ isUnique, isPartial }) => isUnique && !isPartial)
      .map(({ terms }) => terms.map((t) => t.column ?? '')),
  ];
  const isKey = keys.some(
    (columns) => columns.length === target.length && columns.every((name) => target.includes(foldName(name))),
  );
  if (isKey && target.length === key.columns.length) return null;
  return `refers to ${parent.key} (${target.join(', ')}), which is not a key there`;
}

function readExisting(home: Home, table: RawTable, columns: readonly RawColumn[]): Row[] {
  if (columns.length === 0) return [];
  const cells = columns.map(({ name, type }) => literalSql(quoteName(name), keepsNegativeZero(type)));
  const sql = `SELECT ${cells.join(', ')} FROM main.${quoteName(table.name)} LIMIT ${EXISTING_ROWS}`;
  return home.prepare(sql).raw().all() as Row[];
}
