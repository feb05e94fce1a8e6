/**
 * No JavaScript number and no Date on the way of a value of a portfolio: shown by reading the source of the folder, and by values that a double
 * would change, digit for digit.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { moneyText, MOST, quantityText, sum, unitsOf, weightedMean } from '../../generators/portfolios/amounts.ts';
import {
  dateText,
  FIRST_DAY,
  LAST_DAY,
  LAST_MICRO,
  momentOn,
  momentText,
  secondsOf,
} from '../../generators/portfolios/moments.ts';
import { openDialect } from './support.ts';

const FOLDER = join(import.meta.dirname, '../../generators/portfolios');

/** What makes, takes or needs a number. */
const NUMBERS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the type number', /(?:[:<|&(,=]|\bas|\bsatisfies)\s*number\b/],
  ['a conversion', /\b(?:Number|parseInt|parseFloat|Math|toFixed|toPrecision|valueOf)\b/],
  ['a Date', /\b(?:Date|Temporal|performance)\b/],
  ['a unary plus', /(?:^|[=(,:?[{}]|=>|\breturn)\s*\+\s*[\w(]/],
  [
    'an arbitrary of numbers',
    /\bfc\s*\.\s*(?:integer|nat|maxSafe\w*|float|double|date|float32\w*|float64\w*|int\d+\w*|uint\d+\w*)\b/,
  ],
  ['a bitwise conversion', /~~|\s>>>\s|\|\s*0\b/],
  ['arithmetic with a length', /\.length\s*[-+*/%]|[-+*/%]\s*[\w.]+\.length\b/],
  ['a number', /(?<![\w.'"`$])\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\dn_\w])/],
];

/** Where a number counts rows, characters or chances, and no value. */
const COUNTS: readonly RegExp[] = [
  /\b(?:minLength|maxLength|weight|min|max):\s*\d+(?![\dn])/g,
  /\.(?:slice|padStart|padEnd|at)\([^()]*\)/g,
  /\b\w+_SCALE = \d+/g,
  /\.length\s*(?:[<>]=?|===|!==)\s*\d+/g,
  /\bhas(?:More|Fewer)?\(\d+\)/g,
  /\bordinal\.padStart\(\d+/g,
  /\w+(?:\?\.)?\[\d\]/g,
  /\?\.\[\d\]/g,
  /rescale\(decimal, 0,/g,
  /\btype\.(?:scale|precision) (?:<=|===) 0/g,
  /\.checks\.length \?\? 0\) > 0/g,
  /transfer\.where === 0n \? 0 : 1\]/g,
  /\{ length: \{ min: \d+, max: \d+ \}/g,
];

/** `countOf` turns how many investors are wanted into a length, on one line that is known. */
const KNOWN_LINES = ['function countOf(most: bigint): number {', 'return Number(most);'];

/** The source without comments and text; what stands in `${…}` stays. */
function bare(source: string): string {
  return source
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(?<!:)\/\/[^\n]*/g, '')
    .replaceAll(/\/(?:[^/\\\n]|\\.)+\/[gimsuy]*(?=[.,;)])/g, 'PATTERN')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll(
      /`(?:[^`\\]|\\.)*`/g,
      (text) => [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, inside]) => `(${inside})`).join(' ') || "''",
    );
}

/** Every place of a source at which a number could stand on the way of a value. */
function numbersIn(source: string): string[] {
  return bare(source)
    .split('\n')
    .filter((line) => !KNOWN_LINES.includes(line.trim()))
    .flatMap((line) => {
      const rest = COUNTS.reduce((text, allowed) => text.replaceAll(allowed, ''), line);
      return NUMBERS.filter(([, pattern]) => pattern.test(rest)).map(([what]) => `${what}: ${line.trim()}`);
    });
}

describe('the source of the portfolios', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));

  it('should be read', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(files).toContain('investor-rows.ts');
  });

  it.each(files)('should keep numbers and Dates out of %s', (name) => {
    expect(numbersIn(readFileSync(join(FOLDER, name), 'utf8'))).toEqual([]);
  });

  it('should import nothing but exact arithmetic, column types and names', () => {
    const outside = files.flatMap((name) =>
      [...readFileSync(join(FOLDER, name), 'utf8').matchAll(/from '((?!\.\/)[^']+)'/g)].map(([, from = '']) => from),
    );
    expect(
      [...new Set(outside.filter((from) => from !== 'palindrome' && from !== 'palindrome/portfolios'))].toSorted(),
    ).toEqual([
      '../../harness/core/errors.ts',
      '../../harness/core/migration.ts',
      '../../harness/core/schema-lookup.ts',
      '../../harness/core/schema.ts',
      '../datasets/dataset-generator.ts',
      '../values/decimal.ts',
      '../values/human.ts',
      '../values/storage.ts',
      'fast-check',
    ]);
  });

  it.each([
    'const held: number = lots;',
    'function f(units: bigint, price: number) {',
    'const held = Number(units) / 1e8;',
    'const held = parseFloat(text);',
    'const held = +text;',
    'return +text;',
    'const quantity = fc.integer({ min: 1n });',
    'const quantity = fc.double();',
    'const day = fc.date();',
    'const day = new Date(micros);',
    'const rounded = Math.round(x);',
    'const half = units / 2;',
    'const held = `${Number(units)}`;',
    'const tiny = 0.00000001;',
    'const cut = text | 0;',
  ])('should notice: %s', (line) => {
    expect(numbersIn(line).length).toBeGreaterThan(0);
  });

  it.each([
    'const half = units / 2n;',
    "const name = '1.5';",
    '// 2 of 3',
    'fc.array(lots, { minLength: 1, maxLength: 4 })',
  ])('should let pass: %s', (line) => {
    expect(numbersIn(line)).toEqual([]);
  });
});

/** Units that no double holds: odd and beyond 2^53. */
const large = fc.bigInt({ min: 2n ** 53n, max: MOST }).map((units) => (units % 2n === 0n ? units - 1n : units));

describe('exact values', () => {
  it('should write and read every digit', () => {
    fc.assert(
      fc.property(large, (units) => {
        const text = quantityText(units);
        expect(text.replace('.', '')).toBe(units.toString().padStart(9, '0'));
        expect(unitsOf(text)).toBe(units);
        expect(unitsOf(quantityText(-units))).toBe(-units);
      }),
    );
    expect([quantityText(1n), quantityText(-1n), quantityText(0n), quantityText(MOST), moneyText(-5n)]).toEqual([
      '0.00000001',
      '-0.00000001',
      '0.00000000',
      '999999999999.99999999',
      '-0.05',
    ]);
  });

  it('should add and average without a lost unit', () => {
    fc.assert(
      fc.property(fc.array(large, { minLength: 1, maxLength: 20 }), (parts) => {
        const text = parts.reduce((total, part) => total + part, 0n);
        expect(sum(parts)).toBe(text);
        expect(weightedMean(parts.map((quantity) => ({ quantity, price: MOST })))).toBe(MOST);
      }),
    );
    expect(sum([1n, 'NaN'])).toBe('NaN');
    expect(
      weightedMean([
        { quantity: 1n, price: 1n },
        { quantity: 1n, price: 2n },
      ]),
    ).toBe(2n);
    expect(weightedMean([])).toBe(null);
  });

  it('should write days and microseconds as the calendar has them', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: FIRST_DAY, max: LAST_DAY }),
        fc.bigInt({ min: 0n, max: LAST_MICRO }),
        (day, micros) => {
          const milliseconds = new Date(Number(day * 86_400_000n + micros / 1000n)).toISOString();
          const written = momentText(momentOn(day, micros));
          expect(written.slice(0, 23)).toBe(milliseconds.slice(0, 23).replace('T', ' '));
          expect(written.slice(23)).toBe((micros % 1000n).toString().padStart(3, '0'));
          expect(dateText(day)).toBe(milliseconds.slice(0, 10));
        },
      ),
    );
  });

  it('should read the seconds of a moment back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: FIRST_DAY, max: LAST_DAY }),
        fc.bigInt({ min: 0n, max: LAST_MICRO }),
        (day, micros) => {
          expect(secondsOf(momentText(momentOn(day, micros)))).toBe(day * 86_400n + micros / 1_000_000n);
        },
      ),
    );
    expect(secondsOf('no moment')).toBe(null);
  });

  it('should come out of the database digit for digit', async () => {
    const { cluster, close } = await openDialect('postgres');
    try {
      await using database = await cluster.create();
      await database.run('CREATE TABLE lots (id integer PRIMARY KEY, quantity numeric(20,8), bought timestamptz)');
      const model = await database.introspect();
      const drawn = fc.sample(fc.tuple(large, fc.bigInt({ min: 0n, max: LAST_MICRO })), { seed: 1, numRuns: 200 });
      const rows = drawn.map(([units, micros], at) => ({
        id: BigInt(at),
        quantity: quantityText(units),
        bought: `${momentText(momentOn(LAST_DAY, micros))}+00`,
      }));
      const source = await createDatasetSource({ datasets: [{ id: 'exact', rows: fc.constant({ lots: rows }) }] });
      const { loaded, refused } = await database.load(
        source.generate({ model, seed: 1, index: 0, focus: null, literals: [] }),
        model,
      );
      expect(refused).toEqual([]);
      expect(loaded.tables[0]?.rows.map(([, quantity]) => quantity)).toEqual(rows.map(({ quantity }) => quantity));
      const total = await database.query('SELECT sum(quantity) FROM lots', 1, 10_000);
      expect(total).toMatchObject({ rows: [[quantityText(sum(drawn.map(([units]) => units)))]] });
      const seen = await database.query(
        `SELECT to_char(bought AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US+00') FROM lots ORDER BY id`,
        500,
        10_000,
      );
      expect(seen).toMatchObject({ rows: rows.map(({ bought }) => [bought]) });
    } finally {
      await close();
    }
  });
});
