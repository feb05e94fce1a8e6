/** Exclusion constraints: which columns must agree and which ranges must not overlap. */
import type { Exclusion } from '../../harness/core/schema.ts';
import { fieldsOf, lastName, nodesOf, parseStatement, read, type NameScope } from './parse.ts';

export interface ExclusionPlan {
  readonly name: string;
  /** Columns compared with `=`. */
  readonly equal: readonly number[];
  /** Range columns compared with `&&`. */
  readonly ranges: readonly number[];
  /** Pairs of columns that `tsrange(a, b)` and its like make a range of. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

/** Reads a constraint as the database prints it; null where it has a form that is not handled. */
export function planExclusion(exclusion: Exclusion, scope: NameScope): ExclusionPlan | null {
  const statement = parseStatement(
    `CREATE TABLE t (${exclusion.sql.startsWith('EXCLUDE') ? exclusion.sql : `EXCLUDE ${exclusion.sql}`})`,
  );
  const constraint = nodesOf(fieldsOf(statement?.['CreateStmt'])['tableElts']).map((element) =>
    fieldsOf(fieldsOf(element)['Constraint']),
  )[0];
  const equal: number[] = [];
  const ranges: number[] = [];
  const spans: { from: number; to: number }[] = [];
  for (const pair of nodesOf(constraint?.['exclusions'])) {
    const [element, operator] = nodesOf(fieldsOf(fieldsOf(pair)['List'])['items']);
    const fields = fieldsOf(fieldsOf(element)['IndexElem']);
    const name = lastName(fieldsOf(fieldsOf(operator)['List'])['items']);
    const column = typeof fields['name'] === 'string' ? scope.indexOf(fields['name']) : null;
    if (column !== null && name === '=') equal.push(column);
    else if (column !== null && name === '&&') ranges.push(column);
    else if (column === null && name === '&&') {
      const span = readSpan(fields['expr'], scope);
      if (span !== null) spans.push(span);
    }
  }
  return ranges.length + spans.length + equal.length === 0 ? null : { name: exclusion.name, equal, ranges, spans };
}

function readSpan(node: unknown, scope: NameScope): { from: number; to: number } | null {
  const expression = read(node, scope);
  if (expression.kind !== 'call' || !expression.name.endsWith('range')) return null;
  const [from, to] = expression.args;
  return from?.kind === 'column' && to?.kind === 'column' ? { from: from.index, to: to.index } : null;
}
