/** Conditions read with PostgreSQL's own grammar, on SQLite too. */
import { loadModule, parseSync } from 'libpg-query';
import type { DialectName } from '../../harness/core/migration.ts';
import type { Comparison, Expression, MatchKind } from './expression.ts';
import { spellForPostgres } from './sqlite-sql.ts';
import { booleanValue, numberValue, textValue, type Value } from './value.ts';

/** Loads the parser; afterwards parsing is synchronous. */
export async function loadParser(): Promise<void> {
  await loadModule();
}

/** A node of the parser's JSON: `{ NodeName: fields }`. */
type Fields = Readonly<Record<string, unknown>>;

export interface NameScope {
  readonly dialect: DialectName;
  /** Index of a column by the name as parsed; null: there is none. */
  indexOf(name: string): number | null;
}

/** A condition or expression; null where it does not parse. */
export function parseExpression(sql: string, scope: NameScope): Expression | null {
  const spelled = scope.dialect === 'sqlite' ? spellForPostgres(sql) : sql;
  const statement = parseStatement(`SELECT (${spelled})`);
  const targets = statement === null ? null : fieldsOf(statement['SelectStmt'])['targetList'];
  const target = Array.isArray(targets) && targets.length === 1 ? fieldsOf(fieldsOf(targets[0])['ResTarget']) : null;
  return target === null || target['val'] === undefined ? null : read(target['val'], scope);
}

/** The first statement of `sql`, as the parser's node; null where it does not parse. */
export function parseStatement(sql: string): Fields | null {
  const known = parsed.get(sql);
  if (known !== undefined) return known;
  const statement = parseOne(sql);
  if (parsed.size < MOST_STATEMENTS) parsed.set(sql, statement);
  return statement;
}

/** Models of successive migrations have the same conditions, so each is parsed once. */
const parsed = new Map<string, Fields | null>();
const MOST_STATEMENTS = 5000;

function parseOne(sql: string): Fields | null {
  try {
    const statements = parseSync(sql).stmts;
    return statements?.length === 1 ? fieldsOf(statements[0]?.stmt) : null;
  } catch {
    return null;
  }
}

/** The fields of something that should be a node; an empty record for anything else. */
export function fieldsOf(node: unknown): Fields {
  return typeof node === 'object' && node !== null ? (node as Fields) : {};
}

/** The nodes of something that should be a list. */
export function nodesOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** A text or number field of a node as text. The parser leaves out fields that hold zero or the empty string. */
export function textField(node: unknown, key: string, otherwise = ''): string {
  const value = fieldsOf(node)[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? value.toString() : otherwise;
}

/** The last part of a qualified name. */
export function lastName(list: unknown): string {
  const names = nodesOf(list).map((part) => textField(fieldsOf(part)['String'], 'sval'));
  return names.at(-1) ?? '';
}

/** Reads a parser node as an expression. */
export function read(node: unknown, scope: NameScope): Expression {
  const [name, inner] = Object.entries(fieldsOf(node))[0] ?? ['', {}];
  const fields = fieldsOf(inner);
  const one = (key: string): Expression => read(fields[key], scope);
  const many = (key: string): Expression[] => nodesOf(fields[key]).map((part) => read(part, scope));
  switch (name) {
    case 'ColumnRef':
      return readColumn(fields, scope);
    case 'A_Const':
      return { kind: 'literal', value: readConstant(fields) };
    case 'BoolExpr':
      if (fields['boolop'] === 'NOT_EXPR') return { kind: 'not', arg: many('args')[0] ?? { kind: 'opaque', args: [] } };
      return { kind: 'logic', op: fields['boolop'] === 'AND_EXPR' ? 'and' : 'or', args: many('args') };
    case 'NullTest':
      return { kind: 'is', what: 'null', isNegated: fields['nulltesttype'] === 'IS_NOT_NULL', arg: one('arg') };
    case 'BooleanTest':
      return readBooleanTest(String(fields['booltesttype']), one('arg'));
    case 'TypeCast':
      return readCast(one('arg'), lastName(fieldsOf(fields['typeName'])['names']));
    case 'FuncCall':
      return { kind: 'call', name: lastName(fields['funcname']).toLowerCase(), args: many('args') };
    case 'CoalesceExpr':
      return { kind: 'call', name: 'coalesce', args: many('args') };
    case 'MinMaxExpr':
      return { kind: 'call', name: fields['op'] === 'IS_LEAST' ? 'least' : 'greatest', args: many('args') };
    case 'A_ArrayExpr':
      return { kind: 'list', items: many('elements') };
    case 'List':
      return { kind: 'list', items: many('items') };
    case 'CollateClause':
      return one('arg');
    case 'CaseExpr':
      return readCase(fields, scope);
    case 'A_Expr':
      return readOperator(fields, scope);
    default:
      return {
        kind: 'opaque',
        args: Object.values(fields)
          .filter((value) => typeof value === 'object')
          .flatMap((value) => (Array.isArray(value) ? value : [value]))
          .map((part) => read(part, scope)),
      };
  }
}

function readColumn(fields: Fields, scope: NameScope): Expression {
  const name = lastName(fields['fields']);
  const index = scope.indexOf(name);
  if (index !== null) return { kind: 'column', index };
  // SQLite takes a double-quoted word that names no column for a string.
  return scope.dialect === 'sqlite' ? { kind: 'literal', value: textValue(name) } : { kind: 'opaque', args: [] };
}

/** The parser leaves out fields that hold zero, false or the empty string. */
function readConstant(fields: Fields): Value | null {
  if (fields['isnull'] === true) return null;
  if (fields['ival'] !== undefined) return numberValue(textField(fields['ival'], 'ival', '0')) ?? null;
  if (fields['fval'] !== undefined) return numberValue(textField(fields['fval'], 'fval', '0')) ?? null;
  if (fields['boolval'] !== undefined) return booleanValue(fieldsOf(fields['boolval'])['boolval'] === true);
  return textValue(textField(fields['sval'], 'sval'));
}

function readBooleanTest(test: string, arg: Expression): Expression {
  const isNegated = test.startsWith('IS_NOT_');
  const what = test.replace(/^IS_(NOT_)?/, '').toLowerCase();
  return { kind: 'is', what: what === 'true' ? 'true' : what === 'false' ? 'false' : 'null', isNegated, arg };
}

function readCast(arg: Expression, to: string): Expression {
  return arg.kind === 'list' ? arg : { kind: 'cast', arg, to: to.toLowerCase() };
}

function readCase(fields: Fields, scope: NameScope): Expression {
  const subject = fields['arg'] === undefined ? null : read(fields['arg'], scope);
  const branches = nodesOf(fields['args']).map((branch) => {
    const parts = fieldsOf(fieldsOf(branch)['CaseWhen']);
    const test = read(parts['expr'], scope);
    const when: Expression = subject === null ? test : { kind: 'compare', op: '=', left: subject, right: test };
    return { when, result: read(parts['result'], scope) };
  });
  const otherwise = fields['defresult'] === undefined ? null : read(fields['defresult'], scope);
  return { kind: 'case', branches, otherwise };
}

const MATCHES: Readonly<Record<string, MatchKind>> = {
  '~~': 'like',
  '~~*': 'ilike',
  '~': 'regex',
  '~*': 'iregex',
  '~~~': 'glob',
};

function readOperator(fields: Fields, scope: NameScope): Expression {
  const name = lastName(fields['name']);
  const left: Expression = fields['lexpr'] === undefined ? { kind: 'opaque', args: [] } : read(fields['lexpr'], scope);
  const right: Expression = read(fields['rexpr'], scope);
  switch (fields['kind']) {
    case 'AEXPR_IN':
      return { kind: 'in', isNegated: name === '<>', arg: left, items: right.kind === 'list' ? right.items : [right] };
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return readQuantified(fields['kind'] === 'AEXPR_OP_ANY', name, left, right, scope);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = right.kind === 'list' ? right.items : [];
      const opaque: Expression = { kind: 'opaque', args: [left, right] };
      if (low === undefined || high === undefined) return opaque;
      const between: Expression = {
        kind: 'logic',
        op: 'and',
        args: [
          { kind: 'compare', op: '>=', left, right: low },
          { kind: 'compare', op: '<=', left, right: high },
        ],
      };
      return fields['kind'] === 'AEXPR_BETWEEN' ? between : { kind: 'not', arg: between };
    }
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      return { kind: 'distinct', isNegated: fields['kind'] === 'AEXPR_NOT_DISTINCT', left, right };
    case 'AEXPR_NULLIF':
      return { kind: 'call', name: 'nullif', args: [left, right] };
    default:
      return readPlainOperator(name, fields['lexpr'] === undefined, left, right, scope);
  }
}

function readQuantified(
  isAny: boolean,
  name: string,
  left: Expression,
  right: Expression,
  scope: NameScope,
): Expression {
  if (right.kind !== 'list') return { kind: 'opaque', args: [left, right] };
  if (isAny && name === '=') return { kind: 'in', isNegated: false, arg: left, items: right.items };
  if (!isAny && name === '<>') return { kind: 'in', isNegated: true, arg: left, items: right.items };
  const args = right.items.map((item) => readPlainOperator(name, false, left, item, scope));
  return { kind: 'logic', op: isAny ? 'or' : 'and', args };
}

function readPlainOperator(
  name: string,
  isPrefix: boolean,
  left: Expression,
  right: Expression,
  scope: NameScope,
): Expression {
  if (isPrefix) {
    const zero: Expression = { kind: 'literal', value: numberValue('0') ?? null };
    return name === '-'
      ? { kind: 'arithmetic', op: '-', left: zero, right }
      : name === '+'
        ? right
        : { kind: 'opaque', args: [right] };
  }
  const op = name === '!=' ? '<>' : name;
  if (op === '=' || op === '<>' || op === '<' || op === '<=' || op === '>' || op === '>=') {
    return { kind: 'compare', op: op satisfies Comparison, left, right };
  }
  const isNegated = name.startsWith('!');
  const how = MATCHES[isNegated ? name.slice(1) : name];
  if (how !== undefined) {
    const matched = how === 'like' && scope.dialect === 'sqlite' ? 'ilike' : how;
    return { kind: 'match', how: matched, isNegated, arg: left, pattern: right };
  }
  if (['+', '-', '*', '/', '%', '||'].includes(name)) return { kind: 'arithmetic', op: name, left, right };
  return { kind: 'call', name: `op ${name}`, args: [left, right] };
}
