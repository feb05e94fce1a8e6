/** Strings: empty, long, blank at the ends, combining and astral characters, SQL look-alikes, quotes, backslashes, pairs that differ by case. */
import * as fc from 'fast-check';
import { arbitraryFrom, type Draw } from '../draw.ts';
import type { ValueArbitraries } from './arbitraries.ts';

/** Edge strings; none contains U+0000, which neither database stores in text. */
const EDGE_STRINGS: readonly string[] = [
  '', ' ', 'a', 'A', 'abc', 'ABC', 'Abc', ' leading', 'trailing ', 'tab\tinside', 'line\nbreak', 'carriage\r\nreturn', "it's", "''", '"quoted"', '\\', '\\\\n', "\\'", '\\N',
  "'; DROP TABLE users; --", '/* comment */', '-- dash', '$1', '$$', ':name', '?', '%', '_', '100%_\\', '{}', '{a,b}', '[]', 'NULL', 'null', 'true', '0', '1', '-1', '1e3', '0x1F', '007', 'NaN', '1.0',
  'e\u0301', '\u00e9', 'a\u0300\u0323', '\u{1F600}', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}', '\u{10FFFF}', '\u{20BB7}', '\u00df', '\u0130', '\u0131', '\u01c5', '\u03c2', '\u05d0\u05d1', '\u202e', '\ufeff', '\u00a0', '\u200b',
  '\u4f60\u597d', 'Stra\u00dfe', 'STRASSE', 'na\u00efve', 'nai\u0308ve', '2024-02-30', ',', ';', '|', '\u007f', '\u0001', 'a,b', '(a,b)', 'x'.repeat(64), 'long '.repeat(50), '\u00e4'.repeat(255),
]; // prettier-ignore

const WORD_CHARACTERS = Array.from('abcdefghijklmnopqrstuvwxyzABCXYZ0189 _-');

function words(draw: Draw, maxLength: number): string {
  const length = draw.integer(1, Math.max(1, Math.min(maxLength, 14)));
  let text = '';
  for (let at = 0; at < length; at++) text += draw.pick(WORD_CHARACTERS);
  return text;
}

/** Cuts to at most `maxLength` characters, counted as the databases do: code points. */
export function cutText(text: string, maxLength: number | null): string {
  if (maxLength === null || text.length <= maxLength) return text;
  return Array.from(text).slice(0, maxLength).join('');
}

/** Strings of at most `maxLength` characters. Blank-padded types get none that differ from another by trailing blanks alone. */
export function textArbitraries(maxLength: number | null, fixed: boolean): ValueArbitraries {
  const limit = maxLength ?? 300;
  const full =
    maxLength === null ? [] : ['z'.repeat(Math.min(maxLength, 2000)), '\u{1F600}'.repeat(Math.min(maxLength, 500))];
  const fits = EDGE_STRINGS.filter((text) => Array.from(text).length <= limit);
  const edges = [...new Set([...fits, ...full].map((text) => (fixed ? text.trimEnd() : text)))];
  return {
    simplest: ['', 'a', 'b', 'A', 'aa'].filter((text) => text.length <= limit),
    edges: fc.constantFrom(...edges),
    plain: arbitraryFrom((draw) => (fixed ? words(draw, limit).trimEnd() : words(draw, limit))),
  };
}

/** Bytes in hex form `\x…`. */
export function bytesArbitraries(): ValueArbitraries {
  return {
    simplest: ['\\x', '\\x00', '\\x61'],
    edges: fc.constantFrom(
      '\\x',
      '\\x00',
      '\\xff',
      '\\x0000',
      '\\xdeadbeef',
      '\\x5c27',
      '\\xc328',
      `\\x${'00ff'.repeat(64)}`,
    ),
    plain: arbitraryFrom((draw) => `\\x${hex(draw, draw.integer(1, 12) * 2)}`),
  };
}

/** `length` random hexadecimal digits. */
function hex(draw: Draw, length: number): string {
  let text = '';
  for (let at = 0; at < length; at++) text += '0123456789abcdef'[draw.integer(0, 15)] ?? '0';
  return text;
}

/** Identifiers: nil, all ones, versions 4 and 7. */
export function uuidArbitraries(): ValueArbitraries {
  return {
    simplest: [
      '00000000-0000-0000-0000-000000000000',
      '00000000-0000-0000-0000-000000000001',
      '00000000-0000-0000-0000-000000000002',
    ],
    edges: fc.constantFrom(
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '00000000-0000-0000-0000-000000000001',
      '01890a5d-ac96-774b-bcce-b302099a8057',
      'c232ab00-9414-11ec-b3c8-9f68deced846',
    ),
    plain: arbitraryFrom(
      (draw) =>
        `${hex(draw, 8)}-${hex(draw, 4)}-4${hex(draw, 3)}-${draw.pick(['8', '9', 'a', 'b'])}${hex(draw, 3)}-${hex(draw, 12)}`,
    ),
  };
}
