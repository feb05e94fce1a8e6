/** When two texts are the same value to the database, for unique keys and for agreeing foreign keys. */
import type { ColumnType } from '../../harness/core/schema.ts';
import { parseDecimal } from './decimal.ts';
import { scaleOf } from './scale.ts';

/** A text that is equal for equal values. It errs towards equality: a needless retry is cheap, a refused row is not. */
export function canonicalizer(type: ColumnType): (text: string) => string {
  switch (type.kind) {
    case 'domain':
      return canonicalizer(type.base);
    case 'text':
      if (type.caseInsensitive) return (text) => text.normalize('NFC').toLowerCase();
      return type.fixed ? (text) => text.trimEnd() : (text) => text;
    case 'integer':
      return (text) => (/^[+-]?\d+$/.test(text) ? BigInt(text).toString() : text);
    case 'numeric':
    case 'float':
    case 'money':
      return canonicalNumber;
    case 'date':
    case 'timestamp':
    case 'time': {
      const scale = scaleOf(type);
      return (text) => scale?.parse(text, 'down')?.toString() ?? text;
    }
    case 'uuid':
    case 'network':
      return (text) => text.toLowerCase();
    case 'json':
      return canonicalJson;
    case 'interval':
      return () => 'interval';
    default:
      return (text) => text;
  }
}

function canonicalNumber(text: string): string {
  const value = parseDecimal(text);
  if (value === null) return text;
  if (value.units === 0n) return '0';
  let { units, scale } = value;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return `${units}/${scale}`;
}

/** Key order and blanks do not count in jsonb. */
function canonicalJson(text: string): string {
  return Array.from(text.replaceAll(/\s/g, '')).toSorted().join('');
}
