/** Solves comparisons for one column. */
import { bareColumn, columnsOf, MIRRORED, type Comparison, type Expression } from './expression.ts';

/** Solves `side op other` for a column that occurs once in `side`, through sums and differences; null where it cannot. */
export function isolate(
  side: Expression,
  op: Comparison,
  other: Expression,
  column: number,
): { op: Comparison; value: Expression } | null {
  if (bareColumn(side) === column) return { op, value: other };
  if (side.kind === 'cast') return isolate(side.arg, op, other, column);
  if (side.kind === 'call' && (side.name === 'coalesce' || side.name === 'ifnull')) {
    const [first] = side.args;
    return first === undefined ? null : isolate(first, op, other, column);
  }
  if (side.kind !== 'arithmetic') return null;
  const isLeft = columnsOf(side.left).has(column);
  if (isLeft && columnsOf(side.right).has(column)) return null;
  const [within, rest] = isLeft ? [side.left, side.right] : [side.right, side.left];
  if (side.op === '+') return isolate(within, op, { kind: 'arithmetic', op: '-', left: other, right: rest }, column);
  if (side.op !== '-') return null;
  if (isLeft) return isolate(within, op, { kind: 'arithmetic', op: '+', left: other, right: rest }, column);
  return isolate(within, MIRRORED[op], { kind: 'arithmetic', op: '-', left: rest, right: other }, column);
}
