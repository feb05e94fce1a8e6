/** The bounds of a partitioned table's leaves as one condition over its columns. */
import type { Table } from '../../harness/core/schema.ts';
import type { Expression } from './expression.ts';
import { fieldsOf, nodesOf, parseStatement, read, textField, type NameScope } from './parse.ts';

/** Null: every row finds a leaf, or nothing can be said. */
export function partitionCondition(
  partitioning: NonNullable<Table['partitioning']>,
  scope: NameScope,
): Expression | null {
  if (partitioning.strategy === 'hash' || partitioning.bounds.length === 0) return null;
  const columns = partitioning.columns.map((name) => scope.indexOf(name));
  if (columns.includes(null)) return null;
  const keys = columns.map((index): Expression => ({ kind: 'column', index: index ?? 0 }));
  const leaves = partitioning.bounds.map((bound) => leafCondition(bound, keys, scope));
  // A default leaf takes whatever is left.
  return leaves.includes(null) ? null : { kind: 'logic', op: 'or', args: leaves.filter((leaf) => leaf !== null) };
}

function leafCondition(bound: string, keys: readonly Expression[], scope: NameScope): Expression | null {
  const statement = parseStatement(`CREATE TABLE x PARTITION OF y ${bound}`);
  const spec = fieldsOf(fieldsOf(statement?.['CreateStmt'])['partbound']);
  if (statement === null || spec['is_default'] === true) return null;
  if (spec['strategy'] === 'l')
    return listCondition(
      nodesOf(spec['listdatums']).map((node) => read(node, scope)),
      keys[0],
    );
  if (spec['strategy'] !== 'r') return null;
  const lower = nodesOf(spec['lowerdatums']).map((node) => boundOf(node, scope));
  const upper = nodesOf(spec['upperdatums']).map((node) => boundOf(node, scope));
  const notNull = keys.map((arg): Expression => ({ kind: 'is', what: 'null', isNegated: true, arg }));
  return {
    kind: 'logic',
    op: 'and',
    args: [...notNull, lexicographic(keys, lower, true), lexicographic(keys, upper, false)],
  };
}

function listCondition(values: readonly Expression[], key: Expression | undefined): Expression | null {
  if (key === undefined) return null;
  const listed: Expression = {
    kind: 'in',
    isNegated: false,
    arg: key,
    items: values.filter((value) => !isNullLiteral(value)),
  };
  const present: Expression = { kind: 'is', what: 'null', isNegated: true, arg: key };
  const known: Expression = { kind: 'logic', op: 'and', args: [present, listed] };
  const absent: Expression = { kind: 'is', what: 'null', isNegated: false, arg: key };
  return values.some(isNullLiteral) ? { kind: 'logic', op: 'or', args: [known, absent] } : known;
}

function isNullLiteral(value: Expression): boolean {
  return value.kind === 'literal' && value.value === null;
}

type Bound = Expression | 'least' | 'greatest';

function boundOf(node: unknown, scope: NameScope): Bound {
  const words = nodesOf(fieldsOf(fieldsOf(node)['ColumnRef'])['fields']);
  const word = textField(fieldsOf(words[0])['String'], 'sval');
  if (word === 'minvalue') return 'least';
  return word === 'maxvalue' ? 'greatest' : read(node, scope);
}

/** `(keys) >= (bounds)`, or `<`; the first key decides unless it equals its bound. */
function lexicographic(keys: readonly Expression[], bounds: readonly Bound[], isLower: boolean): Expression {
  const always: Expression = { kind: 'literal', value: { kind: 'boolean', value: true } };
  const [key, ...otherKeys] = keys;
  const [bound, ...otherBounds] = bounds;
  if (key === undefined || bound === undefined || bound === 'least' || bound === 'greatest') return always;
  if (otherKeys.length === 0) return { kind: 'compare', op: isLower ? '>=' : '<', left: key, right: bound };
  const beyond: Expression = { kind: 'compare', op: isLower ? '>' : '<', left: key, right: bound };
  const tied: Expression = { kind: 'compare', op: '=', left: key, right: bound };
  return {
    kind: 'logic',
    op: 'or',
    args: [beyond, { kind: 'logic', op: 'and', args: [tied, lexicographic(otherKeys, otherBounds, isLower)] }],
  };
}
