/** Simpler legal values for a column, for reducing a counterexample. */
import type { Cell } from '../harness/core/dataset.ts';
import { passes } from './checks/evaluate.ts';
import { makeHint, type Hint } from './checks/hint.ts';
import { ChosenWishes } from './checks/ways.ts';
import { valueOf } from './checks/value.ts';
import { arbitraryFrom, sampleOnce, type Draw } from './draw.ts';
import { baseType, type ColumnPlan } from './plan/column-plan.ts';
import type { ModelPlan, TablePlan } from './plan/table-plan.ts';
import { compareText } from '../harness/core/text.ts';

const MOST = 8;
const SAMPLES = 24;

/**
 * At most eight cells, simplest first, each strictly simpler than `current`, so that reducing ends: earlier in the column's fixed list, or
 * derived from `current` and shorter or rounder. Conditions on the column alone hold. Empty where nothing simpler is known.
 */
export function simplerTexts(plan: ModelPlan, table: string, column: string, current: Cell): readonly Cell[] {
  const tablePlan = plan.byKey.get(table);
  const columnPlan = tablePlan?.columns.find((candidate) => candidate.column.name === column);
  if (tablePlan === undefined || columnPlan === undefined || current === null || !columnPlan.isGivable) return [];
  const fixed = simplestCells(tablePlan, columnPlan);
  const place = fixed.indexOf(current);
  if (place !== -1) return fixed.slice(0, Math.min(place, MOST));
  if (isReferring(tablePlan, columnPlan.index)) return fixed.slice(0, 1);
  const derived = derivedTexts(columnPlan, current).filter((text) => isLegal(tablePlan, columnPlan, text));
  const cells = [
    ...fixed.slice(0, MOST - Math.min(derived.length, 3)),
    ...derived.map((text) => columnPlan.storage.encode(text)),
  ];
  return [...new Set(cells)].filter((cell) => cell !== current).slice(0, MOST);
}

const lists = new WeakMap<ColumnPlan, readonly Cell[]>();

/** The column's own list: NULL, then what is simplest within the conditions on it. A column of a foreign key has nothing but NULL. */
function simplestCells(table: TablePlan, column: ColumnPlan): readonly Cell[] {
  const known = lists.get(column);
  if (known !== undefined) return known;
  const cells: Cell[] = column.isNullable && isLegal(table, column, null) ? [null] : [];
  if (!isReferring(table, column.index)) {
    const texts = column.override === null ? simplestTexts(table, column) : overrideTexts(column);
    for (const text of texts) if (isLegal(table, column, text)) cells.push(column.storage.encode(text));
  }
  const list = [...new Set(cells)].slice(0, MOST);
  lists.set(column, list);
  return list;
}

function isReferring(table: TablePlan, column: number): boolean {
  return table.foreignKeys.some((key) => key.columns.includes(column));
}

/** Samples of the user's arbitrary, shortest first. */
function overrideTexts(column: ColumnPlan): string[] {
  const { override } = column;
  if (override === null) return [];
  const samples = sampleOnce(
    arbitraryFrom((draw) => Array.from({ length: SAMPLES }, () => draw.from(override))),
    1,
  );
  const texts = new Set(samples.filter((text) => text !== null));
  return [...texts].toSorted((a, b) => a.length - b.length || compareText(a, b));
}

function simplestTexts(table: TablePlan, column: ColumnPlan): string[] {
  const simplest = column.values?.simplest ?? [];
  const ways = hintsFor(table, column);
  const sets = ways.flatMap((hint) => hint.allowed ?? []);
  const bounds = ways.flatMap((hint) => boundTexts(column, hint));
  const lengths = ways.flatMap((hint) =>
    hint.minLength > 0 && baseType(column.storage.type).kind === 'text'
      ? ['a'.repeat(hint.minLength), 'A'.repeat(hint.minLength)]
      : [],
  );
  const patterns = ways.flatMap((hint) => patternTexts(hint));
  return [...simplest, ...sets, ...bounds, ...lengths, ...patterns];
}

/** What the conditions on this column alone leave, along a few ways through them. */
function hintsFor(table: TablePlan, column: ColumnPlan): Hint[] {
  const checks = ownChecks(table, column.index);
  if (checks.length === 0) return [];
  return sampleOnce(
    arbitraryFrom((draw) => [1, 2, 3].map(() => hintAlong(draw, column, checks))),
    1,
  );
}

function hintAlong(draw: Draw, column: ColumnPlan, checks: TablePlan['checks']): Hint {
  const chosen = new ChosenWishes(draw, () => true);
  for (const check of checks) chosen.add(check.wish);
  return makeHint(column, chosen.byColumn.get(column.index) ?? [], () => undefined);
}

function ownChecks(table: TablePlan, column: number): TablePlan['checks'] {
  return table.checks.filter((check) => check.columns.length === 1 && check.columns[0] === column);
}

function boundTexts(column: ColumnPlan, hint: Hint): string[] {
  const { scale } = column;
  if (scale === null || (hint.low === null && hint.high === null)) return [];
  const low = hint.low ?? hint.high ?? 0n;
  const near = hint.low === null ? low - scale.step : low + scale.step;
  return [low, near]
    .filter((position) => position >= scale.min && position <= scale.max)
    .map((position) => scale.format(position));
}

function patternTexts(hint: Hint): string[] {
  const arbitrary = hint.patterns.find((pattern) => pattern.arbitrary !== null)?.arbitrary;
  if (arbitrary === null || arbitrary === undefined) return [];
  const samples = sampleOnce(
    arbitraryFrom((draw) => Array.from({ length: SAMPLES }, () => draw.from(arbitrary))),
    1,
  );
  return samples.toSorted((a, b) => a.length - b.length || compareText(a, b)).slice(0, 2);
}

function isLegal(table: TablePlan, column: ColumnPlan, text: string | null): boolean {
  const value = text === null ? null : valueOf(column.storage, text);
  return ownChecks(table, column.index).every(
    (check) => check.expression === null || passes(check.expression, () => value) !== false,
  );
}

/** Texts made from the current one: each shorter, or with fewer digits that say something. */
function derivedTexts(column: ColumnPlan, current: string): string[] {
  const text = column.storage.decode(current);
  if (text === null) return [];
  switch (baseType(column.storage.type).kind) {
    case 'text': {
      const characters = Array.from(text);
      return [1, Math.floor(characters.length / 2), characters.length - 1]
        .filter((length) => length > 0 && length < characters.length)
        .map((length) => characters.slice(0, length).join(''))
        .concat(text.trim().length < text.length ? [text.trim()] : []);
    }
    case 'integer':
    case 'numeric':
    case 'float':
    case 'money':
      return derivedNumbers(text);
    case 'timestamp':
    case 'time':
      return /\.\d+/.test(text) ? [text.replace(/\.\d+/, '')] : [];
    default:
      return [];
  }
}

/** Without fraction, without sign, and the smallest whole number that no double holds where the current one is beyond it. */
function derivedNumbers(text: string): string[] {
  const match = /^(-?)(\d+)(\.\d*[1-9]\d*)?/.exec(text);
  if (match === null || !/^-?[\d.]+$/.test(text)) return [];
  const [, sign = '', whole = '0', fraction = ''] = match;
  const candidates: string[] = [];
  if (BigInt(whole) > 9_007_199_254_740_993n) candidates.push('9007199254740993');
  if (fraction !== '') candidates.push(`${sign}${whole}${fraction.replaceAll(/\d/g, '0')}`);
  if (sign === '-') candidates.push(text.slice(1));
  return candidates;
}
