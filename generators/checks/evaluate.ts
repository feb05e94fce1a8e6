/** Judges conditions over one row, with SQL's three values and a fourth: cannot tell. */
import { satisfies, type Expression } from './expression.ts';
import { parseFixedInterval } from './interval.ts';
import { findFunction } from './functions.ts';
import { patternToRegExp } from './patterns.ts';
import {
  booleanValue,
  compareValues,
  FALSE,
  instantValue,
  numberValue,
  textValue,
  TRUE,
  wholeValue,
  type Outcome,
  type Value,
} from './value.ts';
import { formatDecimal } from '../values/decimal.ts';

/** The value of a column by index; undefined where it is not known (yet). */
export type Lookup = (index: number) => Outcome;

/** The value of an expression over a row. */
export function evaluate(expression: Expression, row: Lookup): Outcome {
  switch (expression.kind) {
    case 'column':
      return row(expression.index);
    case 'literal':
      return expression.value;
    case 'logic':
      return evaluateLogic(expression.op === 'and', expression.args, row);
    case 'not':
      return negate(evaluate(expression.arg, row));
    case 'compare':
      return lift2(expression.left, expression.right, row, (left, right) => {
        const order = compareValues(left, right, expression.op === '=' || expression.op === '<>');
        return order === undefined ? undefined : booleanValue(satisfies(expression.op, order));
      });
    case 'distinct':
      return evaluateDistinct(expression, row);
    case 'is':
      return evaluateIs(expression, row);
    case 'in': {
      const items = expression.items.map((item): Expression => ({
        kind: 'compare',
        op: '=',
        left: expression.arg,
        right: item,
      }));
      const found = evaluateLogic(false, items, row);
      return expression.isNegated ? negate(found) : found;
    }
    case 'match':
      return lift2(expression.arg, expression.pattern, row, (text, pattern) => {
        if (text.kind !== 'text' || pattern.kind !== 'text') return undefined;
        const matcher = cachedPattern(
          text.isFolded && expression.how === 'like' ? 'ilike' : expression.how,
          pattern.text,
        );
        return matcher === null ? undefined : booleanValue(matcher.test(text.text) !== expression.isNegated);
      });
    case 'arithmetic':
      return lift2(expression.left, expression.right, row, (left, right) => calculate(expression.op, left, right));
    case 'call':
      return evaluateCall(expression.name, expression.args, row);
    case 'cast':
      return evaluateCast(evaluate(expression.arg, row), expression.to);
    case 'case':
      return evaluateCase(expression, row);
    case 'list': {
      const items = expression.items.map((item) => evaluate(item, row));
      return items.includes(undefined) ? undefined : { kind: 'list', items: items as (Value | null)[] };
    }
    default:
      return undefined;
  }
}

/** Whether a check accepts a row: true, false, or undefined where this harness cannot tell. NULL passes a check. */
export function passes(expression: Expression, row: Lookup): boolean | undefined {
  const outcome = truth(evaluate(expression, row));
  return outcome === undefined ? undefined : outcome !== false;
}

const patterns = new Map<string, RegExp | null>();

function cachedPattern(how: Parameters<typeof patternToRegExp>[0], pattern: string): RegExp | null {
  const key = `${how} ${pattern}`;
  let matcher = patterns.get(key);
  if (matcher === undefined) {
    matcher = patternToRegExp(how, pattern);
    if (patterns.size < 1000) patterns.set(key, matcher);
  }
  return matcher;
}

/** SQLite's booleans are numbers. */
function truth(outcome: Outcome): boolean | null | undefined {
  if (outcome === null || outcome === undefined) return outcome;
  if (outcome.kind === 'boolean') return outcome.value;
  return outcome.kind === 'number' ? outcome.number.units !== 0n : undefined;
}

function negate(outcome: Outcome): Outcome {
  const value = truth(outcome);
  return value === null || value === undefined ? value : booleanValue(!value);
}

function evaluateLogic(isAnd: boolean, args: readonly Expression[], row: Lookup): Outcome {
  let result: Outcome = booleanValue(isAnd);
  for (const arg of args) {
    const value = truth(evaluate(arg, row));
    if (value === !isAnd) return booleanValue(!isAnd);
    if (value === undefined) result = undefined;
    else if (value === null && result !== undefined) result = null;
  }
  return result;
}

function lift2(
  left: Expression,
  right: Expression,
  row: Lookup,
  make: (left: Value, right: Value) => Outcome,
): Outcome {
  const a = evaluate(left, row);
  const b = evaluate(right, row);
  if (a === null || b === null) return null;
  return a === undefined || b === undefined ? undefined : make(a, b);
}

function evaluateDistinct(expression: Extract<Expression, { kind: 'distinct' }>, row: Lookup): Outcome {
  const a = evaluate(expression.left, row);
  const b = evaluate(expression.right, row);
  if (a === undefined || b === undefined) return undefined;
  if (a === null || b === null) return booleanValue((a === b) === expression.isNegated);
  const order = compareValues(a, b, true);
  return order === undefined ? undefined : booleanValue((order === 0) === expression.isNegated);
}

function evaluateIs(expression: Extract<Expression, { kind: 'is' }>, row: Lookup): Outcome {
  const value = evaluate(expression.arg, row);
  if (value === undefined) return undefined;
  if (expression.what === 'null') return booleanValue((value === null) !== expression.isNegated);
  const held = truth(value);
  return held === undefined
    ? undefined
    : booleanValue((held === (expression.what === 'true')) !== expression.isNegated);
}

function evaluateCase(expression: Extract<Expression, { kind: 'case' }>, row: Lookup): Outcome {
  for (const branch of expression.branches) {
    const holds = truth(evaluate(branch.when, row));
    if (holds === undefined) return undefined;
    if (holds === true) return evaluate(branch.result, row);
  }
  return expression.otherwise === null ? null : evaluate(expression.otherwise, row);
}

function evaluateCall(name: string, args: readonly Expression[], row: Lookup): Outcome {
  if (name === 'coalesce' || name === 'ifnull') return firstKnown(args, row);
  const values = args.map((arg) => evaluate(arg, row));
  if (values.includes(undefined)) return undefined;
  if (name === 'num_nonnulls') return wholeValue(values.filter((value) => value !== null).length);
  if (name === 'num_nulls') return wholeValue(values.filter((value) => value === null).length);
  if (name === 'nullif') return nullIf(values);
  if (name === 'greatest' || name === 'least') return extreme(name === 'greatest', values);
  if (name === 'concat') return concatenate(values);
  if (name === 'typeof' && values[0] === null) return textValue('null');
  const implementation = findFunction(name);
  if (implementation === undefined) return undefined;
  return values.includes(null) ? null : implementation(values as readonly Value[]);
}

function firstKnown(args: readonly Expression[], row: Lookup): Outcome {
  for (const arg of args) {
    const value = evaluate(arg, row);
    if (value !== null) return value;
  }
  return null;
}

function nullIf(values: readonly Outcome[]): Outcome {
  const [left, right] = values;
  if (left === null || left === undefined || right === null || right === undefined) return left;
  const order = compareValues(left, right, true);
  return order === undefined ? undefined : order === 0 ? null : left;
}

function extreme(isGreatest: boolean, values: readonly Outcome[]): Outcome {
  let best: Value | null = null;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const order: number | undefined = best === null ? 1 : compareValues(value, best, false);
    if (order === undefined) return undefined;
    if (best === null || (isGreatest ? order > 0 : order < 0)) best = value;
  }
  return best;
}

function concatenate(values: readonly Outcome[]): Outcome {
  const parts = values.map((value) => (value === null ? '' : value?.kind === 'text' ? value.text : undefined));
  return parts.includes(undefined) ? undefined : textValue(parts.join(''));
}

function calculate(op: string, left: Value, right: Value): Outcome {
  if (op === '||') return left.kind === 'text' && right.kind === 'text' ? textValue(left.text + right.text) : undefined;
  if (left.kind === 'instant') return shiftInstant(op, left.micros, right);
  if (left.kind === 'beyond' || right.kind === 'beyond')
    return isNaNValue(left) || isNaNValue(right) ? { kind: 'beyond', rank: 2 } : undefined;
  if (left.kind !== 'number' || right.kind !== 'number') return undefined;
  const a = left.number;
  const b = right.number;
  const scale = Math.max(a.scale, b.scale);
  const x = a.units * 10n ** BigInt(scale - a.scale);
  const y = b.units * 10n ** BigInt(scale - b.scale);
  switch (op) {
    case '+':
      return { kind: 'number', number: { units: x + y, scale } };
    case '-':
      return { kind: 'number', number: { units: x - y, scale } };
    case '*':
      return { kind: 'number', number: { units: a.units * b.units, scale: a.scale + b.scale } };
    case '%':
      return y === 0n ? undefined : { kind: 'number', number: { units: x % y, scale } };
    default:
      return undefined;
  }
}

/** A moment and an interval of fixed length. On PostgreSQL a date and a whole number of days are left to the database. */
function shiftInstant(op: string, micros: bigint, by: Value): Outcome {
  const length = by.kind === 'text' ? parseFixedInterval(by.text) : null;
  if (length === null || (op !== '+' && op !== '-')) return undefined;
  return { kind: 'instant', micros: op === '+' ? micros + length : micros - length };
}

function isNaNValue(value: Value): boolean {
  return value.kind === 'beyond' && value.rank === 2;
}

/** Casts that keep the value; a cast to text is known only for what is text already or a whole number. */
function evaluateCast(value: Outcome, to: string): Outcome {
  if (value === null || value === undefined) return value;
  if (/^(text|varchar|bpchar|name|citext|char)$/.test(to)) {
    if (value.kind === 'number') return textValue(formatDecimal(value.number.units, value.number.scale));
    return value.kind === 'text' ? (to === 'citext' ? { ...value, isFolded: true } : value) : undefined;
  }
  if (/^(int2|int4|int8|numeric|float4|float8|integer|int|bigint|smallint|real|decimal|money)$/.test(to)) {
    if (value.kind === 'boolean') return wholeValue(value.value ? 1 : 0);
    if (value.kind === 'number' && /^(int|big|small)/.test(to) && value.number.scale > 0) return undefined;
    return value.kind === 'text' ? numberValue(value.text) : value;
  }
  if (/^(date|timestamp|timestamptz)$/.test(to)) return castToInstant(value, to);
  if (/^(bool|boolean)$/.test(to))
    return value.kind === 'text' ? (/^(t|true|1|yes|on)$/i.test(value.text) ? TRUE : FALSE) : value;
  // An enum label, a uuid, a domain: compared by its text.
  return value;
}

function castToInstant(value: Value, to: string): Outcome {
  if (value.kind === 'text') return instantValue(value.text);
  if (value.kind !== 'instant') return value.kind === 'beyond' ? value : undefined;
  if (to !== 'date') return value;
  return findFunction('date_trunc')?.([textValue('day'), value]);
}
