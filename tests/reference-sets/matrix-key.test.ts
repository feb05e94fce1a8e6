import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalText,
  Decimal,
  matrixKey,
  scenarioText,
} from '../../migrations/reference/scenario-matrices/matrix-key.ts';
import type { ConfigValue } from '../../migrations/reference/scenario-matrices/matrix-key.ts';
import { parseConfig } from '../../migrations/reference/scenario-matrices/parse-config.ts';
import { asJson, asValue, choices, choicesFrom, isSame, pair, text, tree } from './scenario-arbitraries.ts';

const RUNS = { numRuns: 2_000 };
const run = promisify(execFile);

function keyOf(config: ConfigValue): string {
  return matrixKey({ fundId: 'fund-1', taxonomyVersion: 'v1.2', config });
}

describe('one configuration, one key', () => {
  it('should give the same key however fields are ordered and numbers are written', () => {
    fc.assert(
      fc.property(tree, choices, choices, (of, one, other) => {
        const key = keyOf(asValue(of, choicesFrom(one)));
        expect(keyOf(asValue(of, choicesFrom(other)))).toBe(key);
        expect(keyOf(parseConfig(asJson(of, choicesFrom(other))))).toBe(key);
      }),
      RUNS,
    );
  });

  it('should end where it began when the canonical text is read and written again', () => {
    fc.assert(
      fc.property(tree, choices, (of, one) => {
        const canonical = canonicalText(asValue(of, choicesFrom(one)));
        expect(canonicalText(parseConfig(canonical))).toBe(canonical);
      }),
      RUNS,
    );
  });

  it.each<[string, ConfigValue, ConfigValue]>([
    ['1 and 1.0', 1, new Decimal('1.0')],
    ['1 and 1e0', 1n, new Decimal('1e0')],
    ['1 and 10E-1', 1, new Decimal('10E-1')],
    ['0 and -0', 0, -0],
    ['0 and -0.00', 0n, new Decimal('-0.00')],
    ['0.1 as a number and as a decimal', 0.1, new Decimal('0.10')],
    ['a missing field and an undefined one', { a: 1 }, { b: undefined, a: 1 }],
    ['an integer beyond 2^53, as a bigint and as a decimal', 2n ** 53n + 1n, new Decimal('9007199254740993.000')],
    [
      'an object without a prototype and one with',
      Object.assign(Object.create(null), { a: 1 }) as ConfigValue,
      { a: 1 },
    ],
  ])('should take for the same: %s', (_, a, b) => {
    expect(keyOf(a)).toBe(keyOf(b));
  });
});

describe('two configurations, two keys', () => {
  it('should give the same key exactly where an independent comparison says the same', () => {
    let same = 0;
    fc.assert(
      fc.property(pair, choices, ([a, b], how) => {
        const expected = isSame(a, b);
        if (expected) same += 1;
        expect(keyOf(asValue(a, choicesFrom(how))) === keyOf(asValue(b, choicesFrom(how)))).toBe(expected);
      }),
      RUNS,
    );
    expect(same).toBeGreaterThan(20);
  });

  it('should tell texts apart as code points do, also where they look the same', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(a === b);
        expect(keyOf({ [a]: 1 }) === keyOf({ [b]: 1 })).toBe(a === b);
      }),
      RUNS,
    );
  });

  it.each<[string, ConfigValue, ConfigValue]>([
    ['missing and null', {}, { a: null }],
    ['a number and its text', 1, '1'],
    ['an exact decimal and its text', new Decimal('0.1'), '0.1'],
    ['null and its text', null, 'null'],
    ['an empty list and an empty object', [], {}],
    ['two orders of a list', [1, 2], [2, 1]],
    ['a list in a list', [[1], 2], [1, [2]]],
    ['2^53 and 2^53 + 1', 2n ** 53n, 2n ** 53n + 1n],
    ['0.3 and 0.1 + 0.2', 0.3, 0.1 + 0.2],
    ['decimals that are one double', new Decimal('0.1'), new Decimal('0.10000000000000000555')],
    ['é composed and decomposed', '\u00e9', 'e\u0301'],
    ['a nested field and one with a dot', { a: { b: 1 } }, { 'a.b': 1 }],
  ])('should take for different: %s', (_, a, b) => {
    expect(keyOf(a)).not.toBe(keyOf(b));
  });

  it('should not mistake one part of a scenario for another', () => {
    const base = { fundId: 'a', taxonomyVersion: 'b', config: {} };
    const keys = [
      base,
      { ...base, fundId: 'b', taxonomyVersion: 'a' },
      { ...base, fundId: 'ab', taxonomyVersion: '' },
      { ...base, config: { fundId: 'a' } },
    ].map(matrixKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('what is refused', () => {
  const self: Record<string, unknown> = {};
  self['self'] = self;
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const holes: unknown[] = [1];
  holes.length = 2;

  it.each<[string, unknown, RegExp]>([
    ['NaN', { a: [Number.NaN] }, /^\$\.a\[0\] is NaN/],
    ['infinity', -Infinity, /^\$ is -Infinity/],
    ['an integer beyond 2^53 as a number', { shares: 2 ** 53 }, /^\$\.shares is an integer beyond 2\^53/],
    ['half of a surrogate pair', { name: 'a\ud83d' }, /^\$\.name has half of a surrogate pair/],
    ['half of a surrogate pair in a field name', { '\udc00': 1 }, /^\$ has half of a surrogate pair/],
    ['undefined', undefined, /^\$ is undefined/],
    ['undefined in a list', [undefined], /^\$\[0\] is undefined/],
    ['a list with a hole', holes, /^\$ has holes/],
    ['a function', { f: () => 1 }, /^\$\.f is function/],
    ['a Date', new Date(0), /^\$ is not plain data/],
    ['a Map', { m: new Map() }, /^\$\.m is not plain data/],
    ['a symbol as a field', { [Symbol('s')]: 1 }, /^\$ has a symbol/],
    ['a cycle', self, /^\$\.self contains itself/],
    ['a nesting without end', deep, /deeper than 500 levels/],
  ])('should refuse %s, and say where', (_, value, message) => {
    expect(() => keyOf(value as ConfigValue)).toThrow(TypeError);
    expect(() => canonicalText(value as ConfigValue)).toThrow(message);
  });

  it.each(['', 'NaN', 'Infinity', '1,5', '0x10', '1e', '.5', '5.', ' 1', '1_000', '１'])(
    'should refuse %j as a decimal',
    (wrong) => {
      expect(() => new Decimal(wrong)).toThrow(TypeError);
    },
  );

  it.each([
    '',
    '{',
    '[1,]',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '01',
    '1.',
    'NaN',
    'nul',
    "'a'",
    '"\n"',
    '"\\x"',
    '1 2',
    '[1}',
  ])('should refuse %j as JSON', (wrong) => {
    expect(() => parseConfig(wrong)).toThrow(SyntaxError);
  });

  it('should refuse what JSON.parse refuses, and read what it reads', () => {
    const almostJson = fc.oneof(
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', '0', '-', '\\')).map(([json, at, put]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + put + json.slice(cut + 1);
      }),
    );
    fc.assert(
      fc.property(almostJson, (json) => {
        const known = readingOf(() => JSON.parse(json));
        const mine = readingOf(() => parseConfig(json));
        expect(mine === 'a field twice' ? known : mine).toBe(known);
      }),
      RUNS,
    );
  });
});

describe('everywhere', () => {
  const scenario = {
    fundId: 'fund-é-😀',
    taxonomyVersion: 'v1.2',
    config: { '\u00f6': 1.5, z: [2n ** 60n, null, { b: new Decimal('0.100'), a: 'ß' }], A: true },
  };

  it('should keep its keys from one version to the next', () => {
    expect(scenarioText(scenario)).toBe(
      '{"config":{"A":true,"z":[1152921504606846976,null,{"a":"ß","b":1e-1}],"ö":15e-1},"fundId":"fund-é-😀","taxonomyVersion":"v1.2"}',
    );
    // What `sha256sum` says of that text.
    expect(matrixKey(scenario)).toBe('dc52660eb9faf2aa1ec15012cfa02dd6c6001f406d7fe75880440a02d88ea6b1');
  });

  it('should give the same key in other processes, in other places of the world', async () => {
    const module = new URL('../../migrations/reference/scenario-matrices/matrix-key.ts', import.meta.url).href;
    const program = `
      const { matrixKey, Decimal } = await import(${JSON.stringify(module)});
      const inner = { a: 'ß', b: new Decimal('1e-1') };
      const config = { A: true, z: [1152921504606846976n, null, inner], 'ö': 1.5 };
      process.stdout.write(matrixKey({ config, taxonomyVersion: 'v1.2', fundId: 'fund-é-😀' }));`;
    const places = [
      { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
      { TZ: 'America/St_Johns', LC_ALL: 'C', LANG: 'C' },
    ];
    const keys = await Promise.all(
      places.map(async (place) => {
        const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
          env: { ...process.env, ...place },
          cwd: new URL('../..', import.meta.url),
        });
        return stdout;
      }),
    );
    expect(keys).toEqual(places.map(() => matrixKey(scenario)));
  });
});

/** What was read, as JSON with doubles; or that it was refused. */
function readingOf(read: () => unknown): string {
  try {
    return JSON.stringify(read(), (_, value: unknown) => (value instanceof Decimal ? Number(value.text) : value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message.startsWith('a field is given twice') ? 'a field twice' : 'refused';
  }
}
