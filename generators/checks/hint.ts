/** The wishes for one column, joined into what its value may be. */
import type { ColumnPlan } from '../plan/column-plan.ts';
import { baseType } from '../plan/column-plan.ts';
import { evaluate, type Lookup } from './evaluate.ts';
import { patternHint, type PatternHint } from './pattern-hint.ts';
import { scaleText, textFor } from './text-for.ts';
import { compareValues, valueOf, type Value } from './value.ts';
import type { Comparison, Expression } from './expression.ts';
import type { Atom, Shape } from './wish.ts';

/** What a column's value may be. Bounds are positions on the column's scale, inclusive. */
export interface Hint {
  isNull: boolean | null;
  low: bigint | null;
  high: bigint | null;
  /** Inner texts to choose from; null: any. */
  allowed: readonly string[] | null;
  excluded: readonly string[];
  minLength: number;
  maxLength: number;
  minElements: number;
  maxElements: number;
  patterns: readonly PatternHint[];
  shapes: readonly Shape[];
  json: { readonly type: string; readonly key: string | null } | null;
  subset: readonly string[] | null;
  /** False: the wishes contradict each other. */
  isPossible: boolean;
}

const NO_LENGTH_LIMIT = 1_000_000;

function emptyHint(): Hint {
  return {
    isNull: null, low: null, high: null, allowed: null, excluded: [], minLength: 0, maxLength: NO_LENGTH_LIMIT, minElements: 0, maxElements: NO_LENGTH_LIMIT,
    patterns: [], shapes: [], json: null, subset: null, isPossible: true,
  }; // prettier-ignore
}

/** Joins wishes. `row` gives the values of columns drawn before; a bound on a value that is NULL or not known is left out. */
export function makeHint(plan: ColumnPlan, atoms: readonly Atom[], row: Lookup): Hint {
  const hint = emptyHint();
  for (const atom of atoms) apply(hint, plan, atom, row);
  if (hint.low !== null && hint.high !== null && hint.low > hint.high) hint.isPossible = false;
  if (hint.allowed !== null) narrowAllowed(hint, plan);
  if (hint.minLength > hint.maxLength) hint.isPossible = false;
  return hint;
}

const nothingKnown: Lookup = () => undefined;

/** Whether `added` leaves any value beside the wishes `present`, as far as constants tell. */
export function wishesAgree(plan: ColumnPlan, present: readonly Atom[], added: Atom): boolean {
  if (present.length === 0) return true;
  return makeHint(plan, [...present, added], nothingKnown).isPossible;
}

function apply(hint: Hint, plan: ColumnPlan, atom: Atom, row: Lookup): void {
  switch (atom.kind) {
    case 'null':
      if (hint.isNull !== null && hint.isNull !== atom.isNull) hint.isPossible = false;
      if (atom.isNull && !plan.isNullable) hint.isPossible = false;
      hint.isNull = atom.isNull;
      return;
    case 'bound':
      applyBound(hint, plan, atom, row);
      return;
    case 'set':
      applySet(hint, plan, atom, row);
      return;
    case 'truth':
      applyTexts(hint, false, truthTexts(plan, atom.value));
      return;
    case 'pattern':
      hint.patterns = [...hint.patterns, patternHint(atom.how, atom.pattern, atom.isNegated)].filter(
        (pattern) => pattern !== null,
      );
      return;
    case 'shape':
      hint.shapes = [...hint.shapes, atom.shape];
      if (atom.shape === 'visible') hint.minLength = Math.max(hint.minLength, 1);
      return;
    case 'json':
      hint.json = { type: atom.type, key: atom.key ?? hint.json?.key ?? null };
      return;
    case 'subset':
      hint.subset = textsOf(plan, atom.items, row);
  }
}

function truthTexts(plan: ColumnPlan, value: boolean): string[] {
  if (baseType(plan.storage.type).kind === 'boolean') return [value ? 't' : 'f'];
  return value ? ['1', '2', '-1'] : ['0'];
}

function applyBound(hint: Hint, plan: ColumnPlan, atom: Extract<Atom, { kind: 'bound' }>, row: Lookup): void {
  const value = isNow(atom.value) ? fixedNow(atom.op) : evaluate(atom.value, row);
  if (value === null || value === undefined) return;
  if (atom.measure !== 'value') {
    applyMeasure(hint, atom, value);
    return;
  }
  const { scale } = plan;
  if (scale === null) {
    if (atom.op === '=' || atom.op === '<>') applyTexts(hint, atom.op === '<>', keep([textFor(plan, value)]));
    return;
  }
  const text = scaleText(value);
  if (text === null) return;
  const [low, high] = [scale.parse(text, 'up'), scale.parse(text, 'down')];
  if (low === null || high === null) return;
  if (atom.op === '<>') hint.excluded = [...hint.excluded, scale.format(low)];
  if (atom.op === '=' && low !== high) hint.isPossible = false;
  if (atom.op === '>=' || atom.op === '=') raise(hint, low);
  if (atom.op === '>') raise(hint, high + 1n);
  if (atom.op === '<=' || atom.op === '=') lowerTo(hint, high);
  if (atom.op === '<') lowerTo(hint, low - 1n);
  if (hint.low !== null && hint.low > scale.max) hint.isPossible = false;
  if (hint.high !== null && hint.high < scale.min) hint.isPossible = false;
}

function raise(hint: Hint, to: bigint): void {
  if (hint.low === null || to > hint.low) hint.low = to;
}

function lowerTo(hint: Hint, to: bigint): void {
  if (hint.high === null || to < hint.high) hint.high = to;
}

function isNow(expression: Expression): boolean {
  if (expression.kind === 'cast') return isNow(expression.arg);
  return (
    expression.kind === 'call' &&
    ['now', 'current_date', 'current_timestamp', 'clock_timestamp'].includes(expression.name)
  );
}

/** A dataset must not depend on the clock: what must lie in the past lies well before this program, what must not, far ahead. */
function fixedNow(op: Comparison): Value {
  const micros = op.startsWith('<') ? 1_704_067_200_000_000n : 4_102_444_800_000_000n;
  return { kind: 'instant', micros };
}

function applyMeasure(hint: Hint, atom: Extract<Atom, { kind: 'bound' }>, value: Value): void {
  if (
    value.kind !== 'number' ||
    value.number.scale !== 0 ||
    value.number.units > 1_000_000n ||
    value.number.units < -1n
  )
    return;
  const limit = Number(value.number.units);
  const isElements = atom.measure === 'elements';
  const atLeast = (n: number): void => {
    if (isElements) hint.minElements = Math.max(hint.minElements, n);
    else hint.minLength = Math.max(hint.minLength, n);
  };
  const atMost = (n: number): void => {
    if (isElements) hint.maxElements = Math.min(hint.maxElements, n);
    else hint.maxLength = Math.min(hint.maxLength, n);
  };
  if (atom.op === '=' || atom.op === '>=') atLeast(limit);
  if (atom.op === '>') atLeast(limit + 1);
  if (atom.op === '=' || atom.op === '<=') atMost(limit);
  if (atom.op === '<') atMost(limit - 1);
  if (atom.op === '<>' && limit === 0) atLeast(1);
}

function applySet(hint: Hint, plan: ColumnPlan, atom: Extract<Atom, { kind: 'set' }>, row: Lookup): void {
  const texts = textsOf(plan, atom.values, row);
  if (atom.isNegated || texts.length > 0 || atom.values.length === 0) applyTexts(hint, atom.isNegated, texts);
}

function applyTexts(hint: Hint, isNegated: boolean, texts: readonly string[]): void {
  if (isNegated) hint.excluded = [...hint.excluded, ...texts];
  else hint.allowed = hint.allowed === null ? texts : hint.allowed.filter((text) => texts.includes(text));
}

/** Keeps of the allowed texts those that the other wishes leave. */
function narrowAllowed(hint: Hint, plan: ColumnPlan): void {
  const { scale } = plan;
  const excluded = new Set(hint.excluded.map((text) => plan.canonical(text)));
  hint.allowed = (hint.allowed ?? []).filter((text) => {
    if (excluded.has(plan.canonical(text))) return false;
    const position = scale === null || (hint.low === null && hint.high === null) ? null : scale.parse(text, 'down');
    if (
      position !== null &&
      ((hint.low !== null && position < hint.low) || (hint.high !== null && position > hint.high))
    )
      return false;
    return hint.patterns.every((pattern) => pattern.matcher.test(text) !== pattern.isNegated);
  });
  if (hint.allowed.length === 0) hint.isPossible = false;
}

function keep(texts: readonly (string | null)[]): string[] {
  return texts.filter((text) => text !== null);
}

function textsOf(plan: ColumnPlan, expressions: readonly Expression[], row: Lookup): string[] {
  return keep(
    expressions.map((expression) => {
      const value = evaluate(expression, row);
      return value === null || value === undefined ? null : textFor(plan, value);
    }),
  );
}

/** Whether a text satisfies the bounds that the column's own order decides; used for values that no check constrains further. */
export function isWithin(plan: ColumnPlan, hint: Hint, text: string): boolean {
  if (hint.low === null && hint.high === null) return true;
  const position = plan.scale?.parse(text, 'down');
  if (position !== null && position !== undefined)
    return (hint.low === null || position >= hint.low) && (hint.high === null || position <= hint.high);
  const value = valueOf(plan.storage, text);
  if (value === null || value === undefined || value.kind !== 'beyond') return false;
  const zero: Value = { kind: 'number', number: { units: 0n, scale: 0 } };
  const order = compareValues(value, zero, false) ?? 0;
  return order > 0 ? hint.high === null : hint.low === null;
}
