/**
 * Scenarios as trees that know nothing of the code under test, the many ways to write one down, and what makes two of them equal.
 */
import fc from 'fast-check';
import type { ConfigValue } from '../../migrations/reference/scenario-matrices/matrix-key.ts';
import { Decimal } from '../../migrations/reference/scenario-matrices/matrix-key.ts';

/** A configuration in the abstract: a number is a whole coefficient and a power of ten. */
export type Tree =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly coefficient: bigint; readonly exponent: number }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Tree> };

/** Well-formed text, with what is easily confused: empty, look-alikes of numbers and words, composed and decomposed accents, astral, quotes. */
export const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    '1',
    '1.0',
    'null',
    'true',
    '\u00e9',
    'e\u0301',
    '\u{1f600}',
    '\uffff',
    '"',
    '\\',
    '\u0000',
    '\u2028',
    'a,b',
    '__proto__',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);

const number = fc.record({
  kind: fc.constant('number' as const),
  coefficient: fc.oneof(
    fc.constantFrom(0n, 1n, -1n, 10n, 15n, 150n, 2n ** 53n, 2n ** 53n + 1n),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  ),
  exponent: fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -30, max: 30 })),
});

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; list: Tree; fields: Tree }>((tie) => ({
  leaf: fc.oneof(
    fc.constant({ kind: 'null' as const }),
    fc.boolean().map((value) => ({ kind: 'boolean' as const, value })),
    text.map((value) => ({ kind: 'text' as const, value })),
    number,
  ),
  list: fc.array(tie('tree'), { maxLength: 4 }).map((items) => ({ kind: 'list' as const, items })),
  fields: fc
    .array(fc.tuple(text, tie('tree')), { maxLength: 4 })
    .map((entries) => ({ kind: 'fields' as const, fields: new Map(entries) })),
  tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie('leaf'), tie('list'), tie('fields')),
}));

export { tree };

/** The oracle: two trees are one configuration. Numbers are compared as fractions, by multiplying; no text is made of them. */
export function isSame(a: Tree, b: Tree): boolean {
  if (a.kind === 'null') return b.kind === 'null';
  if (a.kind === 'boolean' || a.kind === 'text') return a.kind === b.kind && a.value === b.value;
  if (a.kind === 'number') {
    if (b.kind !== 'number') return false;
    const lowest = Math.min(a.exponent, b.exponent);
    return a.coefficient * 10n ** BigInt(a.exponent - lowest) === b.coefficient * 10n ** BigInt(b.exponent - lowest);
  }
  if (a.kind === 'list') {
    return (
      b.kind === 'list' && a.items.length === b.items.length && a.items.every((item, at) => isSame(item, b.items[at]!))
    );
  }
  if (b.kind !== 'fields' || a.fields.size !== b.fields.size) return false;
  return [...a.fields].every(([name, value]) => {
    const other = b.fields.get(name);
    return other !== undefined && isSame(value, other);
  });
}

/** Decides how a value is written; the same numbers make the same decisions. */
export type Choices = (below: number) => number;

export function choicesFrom(numbers: readonly number[]): Choices {
  let at = 0;
  return (below) => (numbers[at++ % Math.max(1, numbers.length)] ?? 0) % below;
}

export const choices = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });

/** Two trees: in one case of six any two, else one and a near relative of it. */
export const pair = fc
  .tuple(tree, tree, choices, fc.nat(5))
  .map(([a, b, how, kind]): [Tree, Tree] => [a, kind === 0 ? b : relativeOf(a, choicesFrom(how))]);

/** One of the ways to give a tree to the code under test, as a JavaScript value. */
export function asValue(of: Tree, choose: Choices): ConfigValue {
  switch (of.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'text':
      return of.value;
    case 'number':
      return numberValue(of.coefficient, of.exponent, choose);
    case 'list':
      return of.items.map((item) => asValue(item, choose));
    default: {
      const entries: [string, ConfigValue | undefined][] = shuffled([...of.fields], choose).map(([name, value]) => [
        name,
        asValue(value, choose),
      ]);
      if (choose(2) === 1 && !of.fields.has('left out'))
        entries.splice(choose(entries.length + 1), 0, ['left out', undefined]);
      return Object.fromEntries(entries);
    }
  }
}

/** One of the ways to write a tree as JSON. */
export function asJson(of: Tree, choose: Choices): string {
  const blank = (): string => ['', ' ', '\n\t'][choose(3)]!;
  switch (of.kind) {
    case 'null':
    case 'boolean':
      return of.kind === 'null' ? 'null' : String(of.value);
    case 'text':
      return jsonText(of.value, choose);
    case 'number':
      return decimalText(of.coefficient, of.exponent, choose);
    case 'list':
      return `[${blank()}${of.items.map((item) => asJson(item, choose)).join(`${blank()},`)}${blank()}]`;
    default:
      return `{${blank()}${shuffled([...of.fields], choose)
        .map(([name, value]) => `${jsonText(name, choose)}${blank()}:${blank()}${asJson(value, choose)}`)
        .join(`,${blank()}`)}${blank()}}`;
  }
}

/** As JSON may escape it: as it is, or every code unit as `\uXXXX`. */
function jsonText(value: string, choose: Choices): string {
  if (choose(2) === 0) return JSON.stringify(value);
  const units = value.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${units.join('')}"`;
}

function numberValue(coefficient: bigint, exponent: number, choose: Choices): ConfigValue {
  const decimal = decimalText(coefficient, exponent, choose);
  const ways: ConfigValue[] = [new Decimal(decimal)];
  if (exponent >= 0) ways.push(coefficient * 10n ** BigInt(exponent));
  const short = coefficient > -(10n ** 15n) && coefficient < 10n ** 15n;
  const rounded = Number(decimal);
  // With at most 15 digits a double says the decimal that it was made from.
  if (short && (!Number.isInteger(rounded) || Number.isSafeInteger(rounded))) ways.push(rounded);
  if (coefficient === 0n) ways.push(-0);
  return ways[choose(ways.length)]!;
}

/** As digits with a point, with zeros behind it, or with the point moved and a power of ten. */
function decimalText(coefficient: bigint, exponent: number, choose: Choices): string {
  const sign = coefficient < 0n || (coefficient === 0n && choose(2) === 1) ? '-' : '';
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  const moved = choose(5);
  const zeros = '0'.repeat(choose(3));
  const padded = digits.padStart(moved + 1, '0');
  const whole = padded.slice(0, padded.length - moved);
  const fraction = padded.slice(padded.length - moved) + zeros;
  const power = exponent + moved;
  const suffix = power === 0 && choose(2) === 0 ? '' : `${['e', 'E', 'e+'][power < 0 ? choose(2) : choose(3)]}${power}`;
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${suffix}`;
}

function shuffled<Item>(items: readonly Item[], choose: Choices): Item[] {
  const left = [...items];
  const out: Item[] = [];
  while (left.length > 0) out.push(...left.splice(choose(left.length), 1));
  return out;
}

/**
 * The tree with one node changed, at any depth, by a change that keeps it the same (another exponent, another order of fields) or by one that is
 * easily overlooked: the last digit, the order of a list, a null more, the other form of an accent, a number as its text.
 */
function relativeOf(of: Tree, choose: Choices): Tree {
  if (of.kind === 'list' && of.items.length > 0 && choose(3) > 0) {
    const at = choose(of.items.length);
    return { kind: 'list', items: of.items.map((item, index) => (index === at ? relativeOf(item, choose) : item)) };
  }
  if (of.kind === 'fields' && of.fields.size > 0 && choose(3) > 0) {
    const at = choose(of.fields.size);
    const entries = [...of.fields].map(
      ([name, value], index) => [name, index === at ? relativeOf(value, choose) : value] as const,
    );
    return { kind: 'fields', fields: new Map(entries) };
  }
  const ways = waysToChange(of);
  return ways[choose(ways.length)]!;
}

function waysToChange(of: Tree): readonly Tree[] {
  switch (of.kind) {
    case 'null':
      return [of, { kind: 'text', value: 'null' }, { kind: 'fields', fields: new Map() }];
    case 'boolean':
      return [
        { ...of, value: !of.value },
        { kind: 'text', value: String(of.value) },
      ];
    case 'text':
      return ['NFC', 'NFD', 'NFKC'].map((form) => ({ ...of, value: of.value.normalize(form) }));
    case 'number':
      return [
        { ...of, coefficient: of.coefficient * 10n, exponent: of.exponent - 1 },
        { ...of, coefficient: of.coefficient + 1n },
        { ...of, coefficient: -of.coefficient },
        { kind: 'text', value: String(of.coefficient) },
      ];
    case 'list':
      return [
        { ...of, items: of.items.toReversed() },
        { ...of, items: [...of.items, { kind: 'null' }] },
        { kind: 'list', items: [of] },
      ];
    default:
      return [
        { ...of, fields: new Map([...of.fields].toReversed()) },
        { ...of, fields: new Map([...of.fields, ['null more', { kind: 'null' }]]) },
        { ...of, fields: new Map([...of.fields].slice(1)) },
      ];
  }
}
