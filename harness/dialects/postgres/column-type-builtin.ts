/**
 * The built-in types and what their modifiers say.
 */
import type { ColumnType } from '../../core/schema.ts';

/** The size of the header that `varchar`, `char` and `numeric` add to their modifiers. */
const HEADER = 4;

interface ModifierUse {
  /** -1: none. */
  readonly modifier: number;
  readonly isDeterministic: boolean | null;
}

const PLAIN: Readonly<Record<string, ColumnType>> = {
  int2: { kind: 'integer', min: '-32768', max: '32767' },
  int4: { kind: 'integer', min: '-2147483648', max: '2147483647' },
  int8: { kind: 'integer', min: '-9223372036854775808', max: '9223372036854775807' },
  oid: { kind: 'integer', min: '0', max: '4294967295' },
  float4: { kind: 'float', bits: 32 },
  float8: { kind: 'float', bits: 64 },
  money: { kind: 'money' },
  bool: { kind: 'boolean' },
  bytea: { kind: 'bytes' },
  date: { kind: 'date' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json', binary: false },
  jsonb: { kind: 'json', binary: true },
  xml: { kind: 'xml' },
  inet: { kind: 'network', which: 'inet' },
  cidr: { kind: 'network', which: 'cidr' },
  macaddr: { kind: 'network', which: 'macaddr' },
  macaddr8: { kind: 'network', which: 'macaddr8' },
  point: { kind: 'geometric', which: 'point' },
  line: { kind: 'geometric', which: 'line' },
  lseg: { kind: 'geometric', which: 'lseg' },
  box: { kind: 'geometric', which: 'box' },
  path: { kind: 'geometric', which: 'path' },
  polygon: { kind: 'geometric', which: 'polygon' },
  circle: { kind: 'geometric', which: 'circle' },
  tsvector: { kind: 'textSearch', which: 'tsvector' },
  tsquery: { kind: 'textSearch', which: 'tsquery' },
  // 63 bytes, and what is longer is cut off silently: as many characters as fit whatever they are.
  name: { kind: 'text', maxLength: 15, fixed: false, caseInsensitive: false },
};

/** A type of `pg_catalog` by its internal name (`int4`, `bpchar`). */
export function decodeBuiltIn(name: string, use: ModifierUse): ColumnType {
  const { modifier } = use;
  const caseInsensitive = use.isDeterministic === false;
  switch (name) {
    case 'numeric':
      return decodeNumeric(modifier);
    case 'text':
      return { kind: 'text', maxLength: null, fixed: false, caseInsensitive };
    case 'varchar':
      return { kind: 'text', maxLength: modifier < HEADER ? null : modifier - HEADER, fixed: false, caseInsensitive };
    case 'bpchar':
      return { kind: 'text', maxLength: modifier < HEADER ? null : modifier - HEADER, fixed: true, caseInsensitive };
    case 'bit':
      return { kind: 'bits', length: modifier < 0 ? null : modifier, isVarying: false };
    case 'varbit':
      return { kind: 'bits', length: modifier < 0 ? null : modifier, isVarying: true };
    case 'time':
    case 'timetz':
      return { kind: 'time', withZone: name === 'timetz', precision: fraction(modifier) };
    case 'timestamp':
    case 'timestamptz':
      return { kind: 'timestamp', withZone: name === 'timestamptz', precision: fraction(modifier) };
    case 'interval':
      return decodeInterval(modifier);
    default:
      return PLAIN[name] ?? { kind: 'unsupported', name };
  }
}

/** The low half of the modifier is the scale: eleven bits, signed since PostgreSQL 15; the high half is the precision. */
function decodeNumeric(modifier: number): ColumnType {
  if (modifier < HEADER) return { kind: 'numeric', precision: null, scale: null, hasNaN: true, hasInfinity: true };
  const packed = modifier - HEADER;
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  // An infinity fits no declared precision; NaN fits every one.
  return { kind: 'numeric', precision: (packed >> 16) & 0xffff, scale, hasNaN: true, hasInfinity: false };
}

function fraction(modifier: number): number {
  return modifier < 0 ? 6 : modifier;
}

const SECOND = 1 << 12;
const FIELDS = 0x7fff;

/** The high half says which fields are kept (seconds or not is what matters here), the low half the digits of a second. */
function decodeInterval(modifier: number): ColumnType {
  if (modifier < 0) return { kind: 'interval', precision: 6 };
  const fields = (modifier >> 16) & FIELDS;
  if ((fields & SECOND) === 0) return { kind: 'interval', precision: 0 };
  return { kind: 'interval', precision: Math.min(modifier & 0xffff, 6) };
}
