/** One value for one column: from the user's override, the mood's mixture, or whatever the wishes leave. */
import type { Draw } from '../draw.ts';
import { isWithin, type Hint } from '../checks/hint.ts';
import { baseType, type ColumnPlan } from '../plan/column-plan.ts';
import { formatTimestamp } from '../values/calendar.ts';
import { formatArray } from '../values/containers.ts';
import { cutText } from '../values/texts.ts';
import type { Mood } from './mood.ts';

export interface ValueRequest {
  readonly draw: Draw;
  readonly mood: Mood;
  readonly hint: Hint | null;
  /** Values that the column has in earlier rows, for ties. */
  readonly earlier: readonly string[];
  /** Texts from the migration's scripts that suit the column. */
  readonly literals: readonly string[];
  /** Rises with each failed attempt at the row, from 0: later attempts are tamer. */
  readonly attempt: number;
  /** Part of a key: ties are pointless. */
  readonly isKey: boolean;
}

const TAME_ATTEMPT = 8;
const SIMPLE_ATTEMPT = 15;
const LITERAL_PERCENT = 8;

/** An inner text, NULL, or undefined where the wishes contradict each other. */
export function drawValue(plan: ColumnPlan, request: ValueRequest): string | null | undefined {
  const { draw, hint } = request;
  if (hint !== null && !hint.isPossible) return hint.isNull !== false && plan.isNullable ? null : undefined;
  if (hint?.isNull === true) return null;
  if (plan.override !== null && request.attempt < SIMPLE_ATTEMPT) return draw.from(plan.override);
  if (plan.values === null) return plan.isNullable ? null : undefined;
  if (plan.isNullable && hint?.isNull !== false && draw.chance(nullPercent(request))) return null;
  return hint === null ? drawFree(plan, request) : drawHinted(plan, request, hint);
}

/** A mood that is all for NULL, or all against it, gives way where it cannot be had. */
function nullPercent({ mood, attempt }: ValueRequest): number {
  return attempt < TAME_ATTEMPT ? mood.nullPercent : 30;
}

function drawFree(plan: ColumnPlan, request: ValueRequest): string {
  const { draw, mood, earlier, literals } = request;
  if (!request.isKey && earlier.length > 0 && draw.chance(mood.tiePercent)) return draw.pick(earlier);
  if (literals.length > 0 && plan.humanShare === null && draw.chance(LITERAL_PERCENT)) return draw.pick(literals);
  return drawMixed(plan, request);
}

function drawMixed(plan: ColumnPlan, request: ValueRequest): string {
  const { draw, mood, attempt } = request;
  const values = plan.values;
  if (values === null) return '';
  if (attempt >= SIMPLE_ATTEMPT && values.simplest.length > 0) return draw.pick(values.simplest);
  const extreme = attempt < TAME_ATTEMPT && !request.isKey ? drawExtreme(plan, request) : null;
  if (extreme !== null) return extreme;
  if (plan.prefersSmall && draw.chance(mood.edge > 50 ? 85 : 96)) return smallKey(draw, plan);
  const roll = draw.integer(0, 99);
  const human = plan.humanShare ?? mood.human;
  if (roll < human) return draw.from(plan.human ?? values.plain);
  return draw.from(
    roll < human + mood.edge && attempt < TAME_ATTEMPT && !plan.prefersSmall ? values.edges : values.plain,
  );
}

const MOST_HUGE = 20_000;
const NUMBER_KINDS = new Set(['integer', 'numeric', 'float']);

/** What the traits of a swarm want of a column; null: nothing. */
function drawExtreme(plan: ColumnPlan, { draw, mood }: ValueRequest): string | null {
  const type = baseType(plan.storage.type);
  if (mood.smallNumbers === true && NUMBER_KINDS.has(type.kind) && plan.scale !== null) {
    const { min, max, step } = plan.scale;
    const wanted = step * BigInt(draw.integer(-2, 3));
    return plan.scale.format(wanted < min ? min : wanted > max ? max : wanted);
  }
  if (mood.hugeTexts === true && type.kind === 'text' && plan.values !== null) {
    const most = Math.min(type.maxLength ?? MOST_HUGE, draw.integer(1_000, MOST_HUGE));
    const word = draw.from(plan.human ?? plan.values.plain) || 'x';
    return cutText(word.repeat(Math.ceil(most / word.length)), most);
  }
  return null;
}

/** Small enough to read, and now and then beyond 2^53 where the type goes that far; never near the end of an automatic number. */
function smallKey(draw: Draw, plan: ColumnPlan): string {
  const max = plan.scale?.max ?? 0n;
  if (max > 10n ** 18n && draw.chance(4)) return (9_007_199_254_740_992n + BigInt(draw.integer(1, 9))).toString();
  return draw.integer(1, max < 100n ? Number(max) : 100).toString();
}

function drawHinted(plan: ColumnPlan, request: ValueRequest, hint: Hint): string | undefined {
  const { draw, earlier } = request;
  if (hint.allowed !== null) return shaped(draw.pick(hint.allowed), hint);
  if (hint.low !== null || hint.high !== null) return drawBounded(plan, request, hint);
  const moment = hint.shapes.find((shape) => shape === 'date' || shape === 'datetime');
  if (moment !== undefined) return drawMoment(draw, moment);
  if (hint.json !== null) return drawJson(draw, hint.json);
  if (hint.subset !== null || hint.minElements > 0 || hint.maxElements < 1_000_000) return drawArray(plan, draw, hint);
  if (!request.isKey && earlier.length > 0 && draw.chance(request.mood.tiePercent)) {
    const tied = draw.pick(earlier);
    if (suits(plan, hint, tied)) return tied;
  }
  for (let attempt = 0; attempt < 4; attempt++) {
    const text = fitted(plan, draw, drawFree(plan, request), hint);
    if (suits(plan, hint, text)) return text;
    const pattern = hint.patterns.find((wanted) => wanted.arbitrary !== null);
    if (pattern?.arbitrary !== null && pattern?.arbitrary !== undefined) {
      const made = fitted(plan, draw, draw.from(pattern.arbitrary), hint);
      if (suits(plan, hint, made)) return made;
    }
  }
  return fitted(plan, draw, drawFree(plan, request), hint);
}

function suits(plan: ColumnPlan, hint: Hint, text: string): boolean {
  if (hint.patterns.some((pattern) => pattern.matcher.test(text) === pattern.isNegated)) return false;
  const canonical = plan.canonical(text);
  return !hint.excluded.some((excluded) => plan.canonical(excluded) === canonical);
}

function shaped(text: string, hint: Hint): string {
  let result = text;
  for (const shape of hint.shapes) {
    if (shape === 'lower') result = result.toLowerCase();
    else if (shape === 'upper') result = result.toUpperCase();
    else if (shape === 'trimmed') result = result.trim();
    else if (shape === 'visible' && result.trim() === '') result = `${result}x`;
  }
  return result;
}

/** Brings a text to the wished length and shape. */
function fitted(plan: ColumnPlan, draw: Draw, text: string, hint: Hint): string {
  const kind = baseType(plan.storage.type).kind;
  if (kind === 'bytes') return fittedBytes(text, hint);
  if (kind !== 'text') return text;
  const most = Math.max(hint.minLength, hint.maxLength);
  let result = shaped(text, hint);
  if (result.length > hint.maxLength) result = shaped(cutText(result, most), hint);
  if (draw.chance(10) && hint.maxLength <= 2000) result = result.padEnd(hint.maxLength, 'z');
  if (Array.from(result).length < hint.minLength)
    result = result.padEnd(hint.minLength + (result.length - Array.from(result).length), 'x');
  return shaped(result, hint);
}

function fittedBytes(text: string, hint: Hint): string {
  const digits = text.slice(2);
  const cut = digits.slice(0, Math.min(digits.length, hint.maxLength * 2));
  return `\\x${cut.padEnd(hint.minLength * 2, '0')}`;
}

function drawBounded(plan: ColumnPlan, request: ValueRequest, hint: Hint): string | undefined {
  const { draw, attempt } = request;
  const { scale } = plan;
  if (scale === null) return undefined;
  const low = hint.low ?? scale.min;
  const high = hint.high ?? scale.max;
  const first = low < scale.min ? scale.min : low;
  const last = high > scale.max ? scale.max : high;
  if (first > last) return undefined;
  for (let round = 0; round < 3; round++) {
    const mixed = drawFree(plan, request);
    if (isWithin(plan, hint, mixed) && suits(plan, hint, mixed)) return mixed;
  }
  const position = boundedPosition(draw, first, last, hint, plan, attempt);
  const text = scale.format(position);
  return suits(plan, hint, text)
    ? text
    : scale.format(position < last ? position + 1n : position > first ? position - 1n : position);
}

/** The bounds themselves, their neighbours, values near the bound that exists, and anything between two bounds. */
function boundedPosition(
  draw: Draw,
  first: bigint,
  last: bigint,
  hint: Hint,
  plan: ColumnPlan,
  attempt: number,
): bigint {
  const step = plan.scale?.step ?? 1n;
  const clamp = (position: bigint): bigint => (position < first ? first : position > last ? last : position);
  switch (draw.integer(attempt > TAME_ATTEMPT ? 3 : 0, 6)) {
    case 0:
      return hint.low === null ? last : first;
    case 1:
      return hint.high === null ? first : last;
    case 2:
      return hint.low === null ? clamp(last - 1n) : clamp(first + 1n);
    case 3:
      return hint.low === null
        ? clamp(last - step * BigInt(draw.integer(0, 30)))
        : clamp(first + step * BigInt(draw.integer(0, 30)));
    default:
      if (hint.low !== null && hint.high !== null) return draw.bigint(first, last);
      return hint.low === null
        ? clamp(last - draw.bigint(0n, step * 1000n))
        : clamp(first + draw.bigint(0n, step * 1000n));
  }
}

const MICROS_OF_2001 = 978_307_200_000_000n;
const MICROS_OF_2027 = 1_798_761_600_000_000n;

function drawMoment(draw: Draw, shape: 'date' | 'datetime'): string {
  const seconds = draw.bigint(MICROS_OF_2001, MICROS_OF_2027) / 1_000_000n;
  return formatTimestamp(seconds * 1_000_000n, '').slice(0, shape === 'date' ? 10 : 19);
}

function drawJson(draw: Draw, wanted: { readonly type: string; readonly key: string | null }): string {
  if (wanted.key !== null) return `{${JSON.stringify(wanted.key)}: ${draw.pick(['1', '"a"', 'null', '{}', 'true'])}}`;
  switch (wanted.type) {
    case 'array':
      return draw.pick(['[]', '[1, "two", null]', '[{"a": 1}]', '["x"]']);
    case 'string':
    case 'text':
      return draw.pick(['""', '"text"', '"\u00e9"']);
    case 'number':
      return draw.pick(['0', '-1.5', '12345678901234567890']);
    case 'boolean':
      return draw.pick(['true', 'false']);
    case 'null':
      return 'null';
    default:
      return draw.pick([
        '{}',
        '{"a": 1}',
        '{"a": {"b": [1, null]}}',
        '{"\u00e9": "\u{1F600}"}',
        '{"big": 12345678901234567890}',
      ]);
  }
}

function drawArray(plan: ColumnPlan, draw: Draw, hint: Hint): string {
  const type = baseType(plan.storage.type);
  const least = hint.minElements;
  const most = Math.min(Math.max(least, 3), Math.max(hint.maxElements, least));
  const count = draw.integer(least, most);
  const element = (): string => {
    if (hint.subset !== null && hint.subset.length > 0) return draw.pick(hint.subset);
    const sampled = plan.values === null ? '{}' : draw.from(plan.values.plain);
    const inner = /^\{"((?:[^"\\]|\\.)*)"/s.exec(sampled)?.[1];
    return inner === undefined ? defaultElement(type) : inner.replaceAll(/\\(.)/gs, '$1');
  };
  return formatArray(Array.from({ length: count }, element));
}

function defaultElement(type: ColumnPlan['storage']['type']): string {
  return type.kind === 'array' && (type.element.kind === 'text' || type.element.kind === 'domain') ? 'a' : '1';
}
