/** Arrays, ranges and composite values: their own quoting around the texts of their elements. */
import { arbitraryFrom, type Draw } from '../draw.ts';
import type { ValueArbitraries } from './arbitraries.ts';
import type { Scale } from './scale.ts';

/** An array literal; null is the NULL element. */
export function formatArray(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => (element === null ? 'NULL' : quoteElement(element))).join(',')}}`;
}

/** Quotes unless the text is nested array-free plain characters: always right, and canonical after a round trip. */
function quoteElement(text: string): string {
  return `"${text.replace(/[\\"]/g, String.raw`\$&`)}"`;
}

/** A composite literal; null is a NULL field. */
function formatComposite(fields: readonly (string | null)[]): string {
  return `(${fields.map((field) => (field === null ? '' : `"${field.replace(/[\\"]/g, '$&$&')}"`)).join(',')})`;
}

/** Arrays of the element's values: empty, with NULL, with repeated and with edge elements. */
export function arrayArbitraries(element: ValueArbitraries, isNested: boolean): ValueArbitraries {
  const first = element.simplest[0] ?? null;
  if (isNested) return nestedArrays(element);
  const some = (draw: Draw, edgy: boolean): string => {
    const length = draw.integer(0, 4);
    const elements = Array.from({ length }, () =>
      draw.chance(edgy ? 20 : 5) ? null : draw.from(edgy ? element.edges : element.plain),
    );
    return formatArray(elements);
  };
  return {
    simplest: first === null ? ['{}'] : ['{}', formatArray([first]), '{NULL}'],
    edges: arbitraryFrom((draw) => {
      switch (draw.integer(0, 4)) {
        case 0:
          return '{}';
        case 1:
          return '{NULL}';
        case 2: {
          const repeated = draw.from(element.edges);
          return formatArray([repeated, repeated]);
        }
        default:
          return some(draw, true);
      }
    }),
    plain: arbitraryFrom((draw) => some(draw, false)),
  };
}

/** Arrays of arrays must be rectangular: one row repeated. */
function nestedArrays(inner: ValueArbitraries): ValueArbitraries {
  const repeat = (draw: Draw): string => {
    const row = draw.from(inner.plain);
    return row === '{}' ? '{}' : `{${Array.from({ length: draw.integer(1, 2) }, () => row).join(',')}}`;
  };
  return { simplest: ['{}'], edges: arbitraryFrom(repeat), plain: arbitraryFrom(repeat) };
}

/** `[a,b)` from positions on the element's scale. */
export function formatRange(scale: Scale, from: bigint | null, to: bigint | null, bounds = '[)'): string {
  const low = from === null ? '' : `"${scale.format(from)}"`;
  const high = to === null ? '' : `"${scale.format(to)}"`;
  return `${from === null ? '(' : (bounds[0] ?? '[')}${low},${high}${to === null ? ')' : (bounds[1] ?? ')')}`;
}

/** Ranges over an ordered element type: empty, single, unbounded on either side, and bounds of each kind. */
export function rangeArbitraries(scale: Scale, isMulti: boolean): ValueArbitraries {
  const wrap = (range: string): string => (isMulti ? (range === 'empty' ? '{}' : `{${range}}`) : range);
  const { min, max } = scale.usual;
  const middle = min + (max - min) / 2n;
  const ordinary = (draw: Draw): string => {
    const from = draw.bigint(min, max - 1n);
    return formatRange(scale, from, from + 1n + draw.bigint(0n, scale.step * 30n));
  };
  const several = (draw: Draw): string => {
    const from = draw.bigint(min, middle);
    return `{${formatRange(scale, from, from + scale.step)},${formatRange(scale, from + scale.step * 2n, from + scale.step * 3n)}}`;
  };
  const simplest = [wrap('empty'), wrap(formatRange(scale, min, min + scale.step)), wrap('(,)')];
  return {
    simplest,
    edges: arbitraryFrom((draw) => {
      const from = draw.bigint(min, middle);
      const to = from + scale.step;
      switch (draw.integer(0, 6)) {
        case 0:
          return wrap('empty');
        case 1:
          return wrap('(,)');
        case 2:
          return wrap(formatRange(scale, null, from));
        case 3:
          return wrap(formatRange(scale, from, null));
        case 4:
          return wrap(formatRange(scale, from, to, '(]'));
        case 5:
          return wrap(formatRange(scale, from, from, '[]'));
        default:
          return isMulti ? several(draw) : wrap(formatRange(scale, from, to, '()'));
      }
    }),
    plain: arbitraryFrom((draw) => (isMulti && draw.chance(30) ? several(draw) : wrap(ordinary(draw)))),
  };
}

/** Composite values of their fields' values; fields may be NULL. */
export function compositeArbitraries(fields: readonly (ValueArbitraries | null)[]): ValueArbitraries {
  const make = (draw: Draw, edgy: boolean): string =>
    formatComposite(
      fields.map((field) => (field === null || draw.chance(15) ? null : draw.from(edgy ? field.edges : field.plain))),
    );
  return {
    simplest: [formatComposite(fields.map((field) => field?.simplest[0] ?? null))],
    edges: arbitraryFrom((draw) => make(draw, true)),
    plain: arbitraryFrom((draw) => make(draw, false)),
  };
}
