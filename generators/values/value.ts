/** The arbitraries of a column type, by kind. */
import * as fc from 'fast-check';
import type { ColumnType } from '../../harness/core/schema.ts';
import { listed, type ValueArbitraries } from './arbitraries.ts';
import { arrayArbitraries, compositeArbitraries, rangeArbitraries } from './containers.ts';
import {
  hstoreArbitraries,
  jsonArbitraries,
  ltreeArbitraries,
  textSearchArbitraries,
  xmlArbitraries,
} from './documents.ts';
import { floatArbitraries, integerArbitraries, moneyArbitraries, numericArbitraries } from './numbers.ts';
import { scaleOf } from './scale.ts';
import { bitsArbitraries, geometricArbitraries, networkArbitraries } from './systems.ts';
import { bytesArbitraries, textArbitraries, uuidArbitraries } from './texts.ts';
import { dateArbitraries, intervalArbitraries, timeArbitraries, timestampArbitraries } from './times.ts';

/**
 * Texts that `'<text>'::type` accepts. Null where the type has no generator (then only NULL or a default can fill the column).
 * A SQLite column's type is first turned into one of these by `storage.ts`.
 */
export function valueArbitraries(type: ColumnType): ValueArbitraries | null {
  const key = JSON.stringify(type);
  const known = made.get(key);
  if (known !== undefined) return known;
  const arbitraries = makeArbitraries(type);
  if (made.size < MOST_TYPES) made.set(key, arbitraries);
  return arbitraries;
}

/** Models of successive migrations have the same types, so each is made once. */
const made = new Map<string, ValueArbitraries | null>();
const MOST_TYPES = 5000;

function makeArbitraries(type: ColumnType): ValueArbitraries | null {
  switch (type.kind) {
    case 'integer':
      return integerArbitraries(type);
    case 'numeric':
      return numericArbitraries(type);
    case 'float':
      return floatArbitraries(type.bits);
    case 'money':
      return moneyArbitraries();
    case 'text':
      return textArbitraries(type.maxLength, type.fixed);
    case 'boolean':
      return listed(['f', 't'], ['t', 'f']);
    case 'bytes':
      return bytesArbitraries();
    case 'date':
      return dateArbitraries();
    case 'time':
      return timeArbitraries(type.withZone, type.precision);
    case 'timestamp':
      return timestampArbitraries(type.withZone, type.precision);
    case 'interval':
      return intervalArbitraries(type.precision);
    case 'uuid':
      return uuidArbitraries();
    case 'json':
      return jsonArbitraries(type.binary);
    case 'enum':
      return type.labels.length === 0
        ? null
        : { simplest: type.labels, edges: fc.constantFrom(...type.labels), plain: fc.constantFrom(...type.labels) };
    case 'network':
      return networkArbitraries(type.which);
    case 'bits':
      return bitsArbitraries(type.length, type.isVarying);
    case 'geometric':
      return geometricArbitraries(type.which);
    case 'textSearch':
      return textSearchArbitraries(type.which);
    case 'hstore':
      return hstoreArbitraries();
    case 'ltree':
      return ltreeArbitraries();
    case 'xml':
      return xmlArbitraries();
    case 'sqlite':
    case 'unsupported':
      return null;
    default:
      return containerArbitraries(type);
  }
}

function containerArbitraries(
  type: Extract<ColumnType, { kind: 'array' | 'range' | 'composite' | 'domain' }>,
): ValueArbitraries | null {
  switch (type.kind) {
    case 'domain':
      return valueArbitraries(type.base);
    case 'array': {
      const element = valueArbitraries(type.element);
      return element === null ? null : arrayArbitraries(element, type.element.kind === 'array');
    }
    case 'range': {
      const scale = scaleOf(type.element);
      return scale === null ? null : rangeArbitraries(scale, type.isMulti);
    }
    default:
      return compositeArbitraries(type.fields.map((field) => valueArbitraries(field.type)));
  }
}
