/**
 * What a condition asks of the columns, as a tree of choices. A tree is built once for a check; for each row one way through it is
 * picked at random, and what lies on that way are wishes that the drawn values follow. Wishes propose, `evaluate.ts` judges.
 */
import { bareColumn, columnsOf, MIRRORED, NEGATED, type Comparison, type Expression } from './expression.ts';
import { isolate } from './isolate.ts';
import type { Measure, Wish } from './wish.ts';
import { literalText, momentShape, unwrapText, wishForCall, wishForOwnShape } from './wish-calls.ts';

const FREE: Wish = { kind: 'free' };
const NEVER: Wish = { kind: 'never' };

/** Which column of a comparison is drawn last: the one with the highest rank that can stand alone on a side. */
export type Rank = (column: number) => number;

/** What makes `expression` true, or (`wanted` false) not true. Parts that nothing can be wished for are free. */
export function wishFor(expression: Expression, wanted: boolean, rank: Rank): Wish {
  switch (expression.kind) {
    case 'literal':
      return truthOfLiteral(expression) === wanted ? FREE : NEVER;
    case 'column':
      return { kind: 'truth', column: expression.index, value: wanted };
    case 'cast':
      return wishFor(expression.arg, wanted, rank);
    case 'logic': {
      const parts = expression.args.map((arg) => wishFor(arg, wanted, rank));
      return { kind: (expression.op === 'and') === wanted ? 'all' : 'any', parts };
    }
    case 'not':
      return wishFor(expression.arg, !wanted, rank);
    case 'is':
      return wishForIs(expression, wanted, rank);
    case 'compare':
      return wishForComparison(
        wanted ? expression.op : NEGATED[expression.op],
        expression.left,
        expression.right,
        rank,
      );
    case 'distinct': {
      const op = expression.isNegated === wanted ? '=' : '<>';
      const isNullLiteral = expression.right.kind === 'literal' && expression.right.value === null;
      const column = bareColumn(expression.left);
      if (isNullLiteral && column !== null) return { kind: 'null', column, isNull: op === '=' };
      return wishForComparison(op, expression.left, expression.right, rank);
    }
    case 'in':
      return wishForIn(expression, expression.isNegated === wanted);
    case 'match': {
      const column = bareColumn(unwrapText(expression.arg));
      const pattern = expression.pattern.kind === 'cast' ? expression.pattern.arg : expression.pattern;
      if (column === null || pattern.kind !== 'literal' || pattern.value?.kind !== 'text') return FREE;
      return {
        kind: 'pattern',
        column,
        how: expression.how,
        isNegated: expression.isNegated === wanted,
        pattern: pattern.value.text,
      };
    }
    case 'call':
      return wishForCall(expression.name, expression.args, wanted);
    case 'case':
      return wishForCase(expression, wanted, rank);
    default:
      return FREE;
  }
}

function truthOfLiteral(expression: Extract<Expression, { kind: 'literal' }>): boolean {
  const value = expression.value;
  return value?.kind === 'boolean'
    ? value.value
    : value?.kind === 'number'
      ? value.number.units !== 0n
      : value === null;
}

function wishForIs(expression: Extract<Expression, { kind: 'is' }>, wanted: boolean, rank: Rank): Wish {
  const held = expression.isNegated !== wanted;
  if (expression.what !== 'null') return wishFor(expression.arg, (expression.what === 'true') === held, rank);
  if (!held && expression.arg.kind === 'call') {
    const moment = momentShape(expression.arg);
    if (moment !== null) return moment;
  }
  const column = bareColumn(unwrapText(expression.arg));
  return column === null ? FREE : { kind: 'null', column, isNull: held };
}

function wishForIn(expression: Extract<Expression, { kind: 'in' }>, isNegated: boolean): Wish {
  const column = bareColumn(unwrapText(expression.arg));
  if (column === null || expression.items.some((item) => columnsOf(item).size > 0)) return FREE;
  return { kind: 'set', column, isNegated, values: expression.items };
}

function wishForCase(expression: Extract<Expression, { kind: 'case' }>, wanted: boolean, rank: Rank): Wish {
  const ways: Wish[] = [];
  const earlier: Wish[] = [];
  for (const { when, result } of expression.branches) {
    ways.push({ kind: 'all', parts: [...earlier, wishFor(when, true, rank), wishFor(result, wanted, rank)] });
    earlier.push(wishFor(when, false, rank));
  }
  if (expression.otherwise !== null)
    ways.push({ kind: 'all', parts: [...earlier, wishFor(expression.otherwise, wanted, rank)] });
  return { kind: 'any', parts: ways };
}

const MEASURES: Readonly<Record<string, Measure>> = {
  char_length: 'characters', character_length: 'characters', length: 'characters', octet_length: 'bytes', cardinality: 'elements', array_length: 'elements',
}; // prettier-ignore

function wishForComparison(op: Comparison, left: Expression, right: Expression, rank: Rank): Wish {
  if ((isCondition(left) || isCondition(right)) && (op === '=' || op === '<>'))
    return wishForEquivalence(op === '=', left, right, rank);
  const counted = wishForCount(op, left, right, rank);
  if (counted !== null) return counted;
  if (columnsOf(left).size === 0 && columnsOf(right).size > 0)
    return wishForComparison(MIRRORED[op], right, left, rank);
  if (columnsOf(right).size === 0) return wishForConstant(op, left, right, rank);
  return wishForRelation(op, left, right, rank);
}

function isCondition(expression: Expression): boolean {
  return ['logic', 'not', 'compare', 'distinct', 'is', 'in', 'match'].includes(expression.kind);
}

function wishForEquivalence(isEqual: boolean, left: Expression, right: Expression, rank: Rank): Wish {
  const both = (l: boolean, r: boolean): Wish => ({
    kind: 'all',
    parts: [wishFor(left, l, rank), wishFor(right, r, rank)],
  });
  return {
    kind: 'any',
    parts: isEqual ? [both(true, true), both(false, false)] : [both(true, false), both(false, true)],
  };
}

/** `left op right` where nothing on the right varies. */
function wishForConstant(op: Comparison, left: Expression, right: Expression, rank: Rank): Wish {
  const column = bareColumn(left);
  if (column !== null) return wishForColumn(op, column, right);
  const inner = left.kind === 'cast' ? left.arg : left;
  if (isCondition(inner)) return wishFor(inner, (op === '=') === isTruthful(right), rank);
  if (inner.kind === 'call') {
    const [first] = inner.args;
    const subject = first === undefined ? null : bareColumn(unwrapText(first));
    const measure = MEASURES[inner.name];
    if (subject !== null && measure !== undefined) {
      const bound: Wish = { kind: 'bound', column: subject, op, measure, value: right };
      return first?.kind === 'call' && /trim/.test(first.name)
        ? { kind: 'all', parts: [bound, { kind: 'shape', column: subject, shape: 'trimmed' }] }
        : bound;
    }
    if (subject !== null) return wishForWrapped(op, inner.name, inner.args, subject, right, rank);
  }
  return wishForRelation(op, left, right, rank);
}

function isTruthful(expression: Expression): boolean {
  return expression.kind === 'literal' ? truthOfLiteral(expression) : true;
}

function wishForColumn(op: Comparison, column: number, right: Expression): Wish {
  if (op === '=' || op === '<>') return { kind: 'set', column, isNegated: op === '<>', values: [right] };
  return { kind: 'bound', column, op, measure: 'value', value: right };
}

function wishForWrapped(
  op: Comparison,
  name: string,
  args: readonly Expression[],
  column: number,
  right: Expression,
  rank: Rank,
): Wish {
  const first = args[0] ?? right;
  switch (name) {
    case 'coalesce':
    case 'ifnull': {
      const onValue = wishForComparison(op, first, right, rank);
      return {
        kind: 'any',
        parts: [
          { kind: 'all', parts: [{ kind: 'null', column, isNull: false }, onValue] },
          { kind: 'null', column, isNull: true },
        ],
      };
    }
    case 'lower':
    case 'upper':
      return wishForComparison(op, first, right, rank);
    case 'btrim':
    case 'trim':
    case 'ltrim':
    case 'rtrim':
      return op === '<>' ? { kind: 'shape', column, shape: 'visible' } : wishForComparison(op, first, right, rank);
    case 'jsonb_typeof':
    case 'json_typeof':
    case 'json_type':
      return op === '=' && right.kind !== 'list'
        ? { kind: 'json', column, type: literalText(right) ?? 'object', key: null }
        : FREE;
    case 'jsonb_array_length':
    case 'json_array_length':
      return { kind: 'json', column, type: 'array', key: null };
    case 'json_valid':
      return { kind: 'json', column, type: 'object', key: null };
    case 'position':
    case 'strpos':
    case 'instr': {
      const part = args[1] === undefined ? null : literalText(args[1]);
      const asks = op === '>' || op === '>=' || op === '<>';
      return part === null || !asks
        ? FREE
        : {
            kind: 'pattern',
            column,
            how: 'like',
            isNegated: false,
            pattern: `_%${part.replaceAll(/[\\%_]/g, String.raw`\$&`)}%_`,
          };
    }
    case 'abs':
      return { kind: 'bound', column, op, measure: 'value', value: right };
    default:
      return FREE;
  }
}

/** Columns on both sides, or a sum against a constant: the column drawn last is bounded by the others. */
function wishForRelation(op: Comparison, left: Expression, right: Expression, rank: Rank): Wish {
  const self = wishForOwnShape(op, left, right);
  if (self !== null) return self;
  const columns = [...new Set([...columnsOf(left), ...columnsOf(right)])].toSorted((a, b) => rank(b) - rank(a));
  for (const column of columns) {
    const isLeft = columnsOf(left).has(column);
    if (isLeft && columnsOf(right).has(column)) continue;
    const alone = isLeft ? isolate(left, op, right, column) : isolate(right, MIRRORED[op], left, column);
    if (alone !== null) return { kind: 'bound', column, op: alone.op, measure: 'value', value: alone.value };
  }
  return FREE;
}

/** `num_nonnulls(a, b) = 1` and `(a IS NOT NULL)::int + (b IS NOT NULL)::int = 1`. */
function wishForCount(op: Comparison, left: Expression, right: Expression, rank: Rank): Wish | null {
  const conditions = countedConditions(left);
  if (
    conditions === null ||
    right.kind !== 'literal' ||
    right.value?.kind !== 'number' ||
    right.value.number.scale !== 0
  )
    return null;
  const wanted = Number(right.value.number.units);
  const counts = conditions
    .map((_, at) => at + 1)
    .concat(0)
    .filter((count) => holds(op, count, wanted));
  return counts.length === 0
    ? NEVER
    : {
        kind: 'count',
        counts,
        items: conditions.map((part) => ({ yes: wishFor(part, true, rank), no: wishFor(part, false, rank) })),
      };
}

function holds(op: Comparison, count: number, wanted: number): boolean {
  if (op === '=') return count === wanted;
  if (op === '<>') return count !== wanted;
  return op === '<' ? count < wanted : op === '<=' ? count <= wanted : op === '>' ? count > wanted : count >= wanted;
}

function countedConditions(expression: Expression): Expression[] | null {
  if (expression.kind === 'call' && (expression.name === 'num_nonnulls' || expression.name === 'num_nulls')) {
    const isNegated = expression.name === 'num_nonnulls';
    return expression.args.map((arg) => ({ kind: 'is', what: 'null', isNegated, arg }));
  }
  if (expression.kind === 'arithmetic' && expression.op === '+') {
    const left = countedConditions(expression.left);
    const right = countedConditions(expression.right);
    return left === null || right === null ? null : [...left, ...right];
  }
  const inner = expression.kind === 'cast' ? expression.arg : expression;
  if (inner.kind === 'case') return caseCondition(inner);
  return isCondition(inner) && (expression.kind === 'cast' || inner.kind === 'is') ? [inner] : null;
}

/** `CASE WHEN condition THEN 1 ELSE 0 END`. */
function caseCondition(expression: Extract<Expression, { kind: 'case' }>): Expression[] | null {
  const [branch] = expression.branches;
  if (branch === undefined || expression.branches.length > 1 || expression.otherwise === null) return null;
  const isOne = branch.result.kind === 'literal' && truthOfLiteral(branch.result);
  const isZero = expression.otherwise.kind === 'literal' && !truthOfLiteral(expression.otherwise);
  return isOne && isZero ? [branch.when] : null;
}
