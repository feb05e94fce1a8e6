/** The laws of masking one value: each is a permutation of values of one form, decided by the salt alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeAll, FAKE_KINDS } from '../../generators/anonymise/fakes.ts';
import { Keyed } from '../../generators/anonymise/keyed.ts';
import { maskLetters } from '../../generators/anonymise/letters.ts';
import { maskText, maskTyped } from '../../generators/anonymise/mask-value.ts';
import { scaleNumber, scrambleNumber } from '../../generators/anonymise/numbers.ts';
import { maskAddress, maskIban, maskUuid } from '../../generators/anonymise/systems.ts';
import { maskClock, maskInterval, shiftDays, shiftMoment } from '../../generators/anonymise/times.ts';
import { parseTimestamp } from '../../generators/values/calendar.ts';
import type { ColumnType } from '../../harness/core/schema.ts';

const SALT = 'a salt for tests, 1';
const keyed = new Keyed(SALT);
const context = { keyed, days: -70, attempt: '' };
const texts = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.stringMatching(/^[A-Za-z0-9 .@+-]{0,40}$/));
const numbers = fc.stringMatching(/^-?(0|[1-9]\d{0,18})(\.\d{1,12})?$/);

/** Letters and digits as marks of their kind, everything else as it is. */
function formOf(text: string): string {
  return text
    .replaceAll(/\p{Lu}/gu, 'A')
    .replaceAll(/\p{Ll}/gu, 'a')
    .replaceAll(/\d/g, '9');
}

describe('permutations', () => {
  it('should map every size onto itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.string(), (size, label) => {
        const image = Array.from({ length: size }, (_, value) => keyed.permute(BigInt(size), BigInt(value), label));
        expect(new Set(image).size).toBe(size);
        expect(image.every((value) => value >= 0n && value < BigInt(size))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('should stay within sizes far beyond 2^53, and depend on the salt', () => {
    const size = 26n ** 25n;
    const other = new Keyed('a salt for tests, 2');
    const value = 123_456_789_012_345_678_901_234n;
    const image = keyed.permute(size, value, 'x');
    expect(image >= 0n && image < size).toBe(true);
    expect(other.permute(size, value, 'x')).not.toBe(image);
    expect(new Keyed(SALT).permute(size, value, 'x')).toBe(image);
  });
});

describe('letters', () => {
  it('should keep length, case, digits, blanks and punctuation in place', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9 .,@'"\n\t+-]{0,80}$/), (text) => {
        expect(formOf(maskLetters(keyed, 'text', text))).toBe(formOf(text));
      }),
    );
  });

  it('should keep the length in bytes in every script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(Buffer.byteLength(maskLetters(keyed, 'text', text))).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('should make no two texts one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(texts, { maxLength: 30 }), (all) => {
        expect(new Set(all.map((text) => maskLetters(keyed, 'text', text))).size).toBe(all.length);
      }),
    );
    const short = Array.from({ length: 676 }, (_, n) => String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26)));
    expect(new Set(short.map((text) => maskLetters(keyed, 'text', text))).size).toBe(676);
  });

  it('should let spellings differ in nothing but what they differed in', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,60}$/), (text) => {
        const masked = maskLetters(keyed, 'text', text);
        expect(maskLetters(keyed, 'text', text.toUpperCase())).toBe(masked.toUpperCase());
        expect(maskLetters(keyed, 'text', `  ${text}\n`)).toBe(`  ${masked}\n`);
      }),
    );
  });
});

describe('numbers', () => {
  it('should keep sign, digits before and after the point, trailing zeros and zero', () => {
    fc.assert(
      fc.property(numbers, (text) => {
        const masked = scrambleNumber(keyed, 'number', text);
        expect(formOf(masked)).toBe(formOf(text));
        expect(/0*$/.exec(masked)?.[0]).toBe(/0*$/.exec(text)?.[0]);
        expect(/[1-9]/.test(masked)).toBe(/[1-9]/.test(text));
      }),
    );
  });

  it('should make no two numbers one, and equal ones equal however many zeros they end in', () => {
    const all = Array.from({ length: 2_000 }, (_, n) => String(n));
    expect(new Set(all.map((text) => scrambleNumber(keyed, 'number', text))).size).toBe(2_000);
    fc.assert(
      fc.property(numbers, (text) => {
        const longer = text.includes('.') ? `${text}00` : `${text}.00`;
        const masked = scrambleNumber(keyed, 'number', text);
        expect(scrambleNumber(keyed, 'number', longer)).toBe(masked.includes('.') ? `${masked}00` : `${masked}.00`);
      }),
    );
  });

  it.each(['NaN', 'Infinity', '-Infinity', '0', '-0.0', '0.00000000', '9.0e+999'])('should leave %s', (text) => {
    expect(scrambleNumber(keyed, 'number', text)).toBe(text);
  });

  it('should scale exactly, so that sums stay sums', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), { maxLength: 8 }), (units) => {
        const show = (value: bigint): string => {
          const digits = (value < 0n ? -value : value).toString().padStart(9, '0');
          return `${value < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
        };
        const scaled = units.map((value) => BigInt(scaleNumber(show(value), 7n).replace('.', '')));
        const sum = units.reduce((a, b) => a + b, 0n);
        expect(scaled.reduce((a, b) => a + b, 0n)).toBe(BigInt(scaleNumber(show(sum), 7n).replace('.', '')));
      }),
    );
  });
});

describe('moments', () => {
  const moment = fc
    .tuple(
      fc.integer({ min: 1980, max: 2090 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      fc.stringMatching(/^ [01]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?\+00$/),
    )
    .map(
      ([year, month, day, time]) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}${time}`,
    );

  it('should keep the time between two, the time of day and the weekday', () => {
    fc.assert(
      fc.property(moment, moment, fc.string(), (a, b, subject) => {
        const days = shiftDays(keyed, subject);
        const [x, y] = [shiftMoment(a, days), shiftMoment(b, days)];
        expect((parseTimestamp(x) ?? 0n) - (parseTimestamp(y) ?? 0n)).toBe(
          (parseTimestamp(a) ?? 0n) - (parseTimestamp(b) ?? 0n),
        );
        expect(x.slice(10)).toBe(a.slice(10));
        expect(days % 7).toBe(-0);
        expect(x).not.toBe(a);
      }),
    );
  });

  it.each(['infinity', '-infinity', '1970-01-01 00:00:00+00', '9999-12-31', '0044-03-15 BC', 'not a date'])(
    'should leave %s',
    (text) => {
      expect(shiftMoment(text, -70)).toBe(text);
    },
  );

  it('should give times of day and intervals that are some', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[01]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?$/), (text) => {
        expect(maskClock(keyed, 'clock', text)).toMatch(/^[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?$/);
        expect(maskClock(keyed, 'clock', text).slice(8)).toBe(text.slice(8));
        expect(maskInterval(keyed, 'i', `3 years 2 mons 10 days ${text}`)).toMatch(
          /^[1-9] years [1-9] mons [1-9]\d? days \d\d:[0-5]\d:[0-5]\d/,
        );
      }),
    );
  });
});

describe('fakes', () => {
  it.each(FAKE_KINDS)('should give each %s another of its length, and none twice', (kind) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z .@]{0,30}$/), { minLength: 1, maxLength: 25 }),
        (all) => {
          const masked = fakeAll(keyed, kind, kind, new Set(all));
          expect(new Set(masked.values()).size).toBe(all.length);
          for (const [text, fake] of masked) expect(Array.from(fake).length).toBe(Array.from(text).length);
          expect(fakeAll(keyed, kind, kind, new Set(all.toReversed()))).toEqual(masked);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('texts', () => {
  it.each([
    [
      'a UUID',
      'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
      /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-B[0-9A-F]{3}-[0-9A-F]{12}$/,
    ],
    ['a moment', '2024-05-06T07:08:09.123456Z', /^2024-02-26T07:08:09\.123456Z$/],
    ['an address', '203.0.113.77', /^(\d{1,3}\.){3}\d{1,3}$/],
    ['a number', '-12.500', /^-\d\d\.\d{3}$/],
    [
      'JSON',
      '{"name": "Ada", "n": 12345678901234567890.10, "ok": true, "x": [null, ""]}',
      /^\{"name": "[A-Z][a-z]{2}", "n": \d{20}\.\d0, "ok": true, "x": \[null, ""\]\}$/,
    ],
  ])('should stay %s', (_, text, pattern) => {
    expect(maskText(context, text)).toMatch(pattern);
    expect(maskText(context, text)).not.toBe(text);
  });

  it('should give addresses, UUIDs and account numbers that are some', () => {
    expect(maskAddress(keyed, 'a', '10.0.0.0/8')).toMatch(/^\d{1,3}\.0\.0\.0\/8$/);
    expect(maskUuid(keyed, 'u', '00000000-0000-0000-0000-000000000000')).toBe('00000000-0000-0000-0000-000000000000');
    const iban = maskIban((body) => maskLetters(keyed, 'iban', body), 'DE89 3704 0044 0532 0130 00');
    const moved = iban.replaceAll(' ', '').replace(/^(.{4})(.*)$/, '$2$1');
    expect(
      BigInt(
        Array.from(moved)
          .map((each) => parseInt(each, 36))
          .join(''),
      ) % 97n,
    ).toBe(1n);
    expect(iban).toMatch(/^DE\d\d \d{4} \d{4} \d{4} \d{4} \d\d$/);
  });
});

describe('values with parts', () => {
  const text: ColumnType = { kind: 'text', maxLength: null, fixed: false, caseInsensitive: false };
  const int: ColumnType = { kind: 'integer', min: '-2147483648', max: '2147483647' };

  it.each<[string, ColumnType, string, RegExp]>([
    [
      'an array',
      { kind: 'array', element: text },
      '{Ada,NULL,"two words","a\\"b",""}',
      /^\{"[A-Z][a-z]{2}",NULL,"[a-z]{3} [a-z]{5}","[a-z]\\"[a-z]",""\}$/,
    ],
    [
      'an array of arrays',
      { kind: 'array', element: int },
      '{{12,3},{4,-56}}',
      /^\{\{"\d\d","\d"\},\{"\d","-\d\d"\}\}$/,
    ],
    [
      'a composite',
      {
        kind: 'composite',
        name: 'pair',
        fields: [
          { name: 'a', type: text },
          { name: 'b', type: int },
        ],
      },
      '("Ada ""x""",12)',
      /^\("[A-Z][a-z]{2} \\"[a-z]\\"","\d\d"\)$/,
    ],
    [
      'a range of dates',
      { kind: 'range', element: { kind: 'date' }, isMulti: false, isDiscrete: true },
      '[2024-05-06,2024-06-01)',
      /^\["2024-02-26","2024-03-23"\)$/,
    ],
    ['hstore', { kind: 'hstore' }, '"name"=>"Ada", "x"=>NULL', /^"name"=>"[A-Z][a-z]{2}", "x"=>NULL$/],
    [
      'a tsvector',
      { kind: 'textSearch', which: 'tsvector' },
      "'canary':3A 'it''s':1",
      /^'[a-z]{6}':3A '[a-z]{2}''[a-z]':1$/,
    ],
    [
      'xml',
      { kind: 'xml' },
      '<a b="Ada"><!-- Ada -->Ada &amp; Bob</a>',
      /^<a b="[A-Z][a-z]{2}"><!---->[A-Z][a-z]{2} &amp; [A-Z][a-z]{2}<\/a>$/,
    ],
    ['bytes', { kind: 'bytes' }, '\\x00ff10', /^\\x[0-9a-f]{6}$/],
    ['bits', { kind: 'bits', length: 5, isVarying: false }, '10110', /^[01]{5}$/],
    ['a point', { kind: 'geometric', which: 'point' }, '(12.5,-3)', /^\(\d\d\.\d,-\d\)$/],
    ['money', { kind: 'money' }, '-$1,234.56', /^-\$\d,\d{3}\.\d\d$/],
    [
      'a hardware address',
      { kind: 'network', which: 'macaddr' },
      '08:00:2b:01:02:03',
      /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/,
    ],
  ])('should keep the structure of %s', (_, type, value, pattern) => {
    expect(maskTyped(context, type, value)).toMatch(pattern);
  });

  it('should mask names in documents that do not look like names', () => {
    const masked = maskTyped(context, { kind: 'json', binary: true }, '{"ada@example.com": 1, "plain_name": 2}');
    expect(masked).not.toContain('ada@');
    expect(masked).toContain('"plain_name"');
  });
});
