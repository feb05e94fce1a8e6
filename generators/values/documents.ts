/** JSON, XML, text search, hstore and ltree values. */
import * as fc from 'fast-check';
import { arbitraryFrom, type Draw } from '../draw.ts';
import { listed, type ValueArbitraries } from './arbitraries.ts';

const JSON_OBJECTS = [
  '{}', '{"a": 1}', '{"a": null}', '{"a": {"b": {"c": [1, 2, {"d": []}]}}}', '{"": ""}', '{"it\'s": "\\"quoted\\""}', '{"emoji": "\u{1F600}", "accent": "e\u0301"}',
  '{"escaped": "\\u00e9\\ud83d\\ude00"}', '{"big": 12345678901234567890.123456789}', '{"z": 1, "a": 2}', '{"n": 9007199254740993}', '{"tags": ["x", "y"], "on": true}',
]; // prettier-ignore
const JSON_OTHERS = [
  '[]', '[1, "two", null, true, {"three": 3}]', '[[[]]]', 'null', 'true', 'false', '0', '-0.0', '1e2', '1.10', '12345678901234567890', '"text"', '""', '"\\n\\t\\\\"',
]; // prettier-ignore
const JSON_AS_WRITTEN = ['{"a": 1, "a": 2}', '{ "spaced" :  1 }', '[1,2 , 3]', '1E+2', '{"b":1,"a":2}'];

/** JSON documents, most of them objects. `binary` is jsonb; plain json keeps duplicate keys and blanks as written. */
export function jsonArbitraries(binary: boolean): ValueArbitraries {
  const others = binary ? JSON_OTHERS : [...JSON_OTHERS, ...JSON_AS_WRITTEN];
  return {
    simplest: ['{}', '[]', 'null', '{"a": 1}'],
    edges: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...JSON_OBJECTS) },
      { weight: 1, arbitrary: fc.constantFrom(...others) },
    ),
    plain: arbitraryFrom((draw) => jsonObject(draw, 2)),
  };
}

const KEYS = ['id', 'name', 'type', 'value', 'tags', 'enabled', 'meta', 'count'];

function jsonObject(draw: Draw, depth: number): string {
  const keys = draw.shuffle(KEYS).slice(0, draw.integer(1, 3));
  return `{${keys.map((key) => `"${key}": ${jsonValue(draw, depth - 1)}`).join(', ')}}`;
}

function jsonValue(draw: Draw, depth: number): string {
  switch (draw.integer(0, depth > 0 ? 6 : 4)) {
    case 0:
      return draw.integer(-1000, 1000).toString();
    case 1:
      return draw.pick(['true', 'false']);
    case 2:
      return draw.pick(['"low"', '"high"', '""', '"a b"', '"\u00fc"']);
    case 3:
      return 'null';
    case 4:
      return `${draw.integer(0, 999)}.${draw.integer(1, 9)}`;
    case 5:
      return jsonObject(draw, depth);
    default:
      return `[${jsonValue(draw, depth - 1)}, ${jsonValue(draw, depth - 1)}]`;
  }
}

/** XML content. */
export function xmlArbitraries(): ValueArbitraries {
  return listed(
    ['<a/>', '<a>1</a>'],
    ['<a/>', '<a b="c">d &amp; e</a>', '<?xml version="1.0"?><r><i n="1"/></r>', '<x>\u00e9</x>', 'plain text'],
  );
}

/** Text search documents and queries. */
export function textSearchArbitraries(which: 'tsvector' | 'tsquery'): ValueArbitraries {
  return which === 'tsvector'
    ? listed(['', "'a'"], ['', "'a'", "'cat':3A 'fat':2B,4", "'it''s':1", "'\u00e9':1 'z':16383"])
    : listed(["'a'"], ["'a'", "'fat' & 'cat'", "'a' | !'b'", "'super':*A", "'a' <-> 'b'"]);
}

/** Key and value pairs. */
export function hstoreArbitraries(): ValueArbitraries {
  return listed(['', '"a"=>"1"'], ['', '"a"=>"1"', '"a"=>NULL', '"a b"=>"c\\"d", "\u00e9"=>""', '"k"=>"1", "l"=>"2"']);
}

/** Label paths. */
export function ltreeArbitraries(): ValueArbitraries {
  return listed(['a', 'a.b'], ['', 'a', 'a.b.c', 'Top.Science.Astronomy', 'x_1.y_2', 'a.a.a.a.a.a']);
}
