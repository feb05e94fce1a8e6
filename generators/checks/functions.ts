/** The functions that checks use most. Each takes values that are not NULL; undefined: cannot tell. */
import { formatDecimal } from '../values/decimal.ts';
import { booleanValue, instantValue, numberValue, textValue, wholeValue, type Outcome, type Value } from './value.ts';

type Implementation = (args: readonly Value[]) => Outcome;

const MICROS_PER_DAY = 86_400_000_000n;

/** A function by its lower-case name, without schema; undefined: not known. */
export function findFunction(name: string): Implementation | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}

function onText(make: (text: string, rest: readonly Value[]) => Outcome): Implementation {
  return ([first, ...rest]) => (first?.kind === 'text' ? make(first.text, rest) : undefined);
}

function textOf(value: Value | undefined, otherwise: string): string | undefined {
  return value === undefined ? otherwise : value.kind === 'text' ? value.text : undefined;
}

function trimmer(sides: 'both' | 'start' | 'end'): Implementation {
  return onText((text, [set]) => {
    const characters = textOf(set, ' ');
    if (characters === undefined) return undefined;
    let from = 0;
    let to = text.length;
    if (sides !== 'end') while (from < to && characters.includes(text[from] ?? '')) from += 1;
    if (sides !== 'start') while (to > from && characters.includes(text[to - 1] ?? '')) to -= 1;
    return textValue(text.slice(from, to));
  });
}

/** Length in characters; of SQLite's numbers, of their text. */
const characters: Implementation = ([value]) => {
  if (value?.kind === 'text') return wholeValue(Array.from(value.text).length);
  if (value?.kind === 'other' && value.type === 'bytes') return wholeValue((value.text.length - 2) / 2);
  return undefined;
};

const bytes: Implementation = ([value]) =>
  value?.kind === 'text' ? wholeValue(Buffer.byteLength(value.text)) : characters(value === undefined ? [] : [value]);

const size: Implementation = ([value]) => (value?.kind === 'list' ? wholeValue(value.items.length) : undefined);

const lower = onText((text) => textValue(text.toLowerCase()));
const upper = onText((text) => textValue(text.toUpperCase()));

const position: Implementation = ([text, part]) =>
  text?.kind === 'text' && part?.kind === 'text'
    ? wholeValue(
        Array.from(text.text.slice(0, Math.max(0, text.text.indexOf(part.text)))).length +
          (text.text.includes(part.text) ? 1 : 0),
      )
    : undefined;

const substring: Implementation = ([text, from, length]) => {
  if (text?.kind !== 'text' || from?.kind !== 'number' || (length !== undefined && length.kind !== 'number'))
    return undefined;
  const start = Number(from.number.units) - 1;
  const end = length === undefined ? undefined : start + Number(length.number.units);
  return start < 0 ? undefined : textValue(Array.from(text.text).slice(start, end).join(''));
};

function parseJson(value: Value | undefined): unknown {
  if (value?.kind !== 'other' && value?.kind !== 'text') return undefined;
  try {
    return JSON.parse(value.text) as unknown;
  } catch {
    return undefined;
  }
}

function jsonType(document: unknown): string | undefined {
  if (document === undefined) return undefined;
  if (document === null) return 'null';
  return Array.isArray(document) ? 'array' : typeof document;
}

const jsonTypeOf: Implementation = ([value]) => {
  const type = jsonType(parseJson(value));
  return type === undefined ? undefined : textValue(type);
};

/** How long a document's list is; what is no list is refused by PostgreSQL with an error, which no row survives. */
const jsonArrayLength: Implementation = ([value]) => {
  const document = parseJson(value);
  return Array.isArray(document) ? wholeValue(document.length) : undefined;
};

const SQLITE_TYPES: Readonly<Record<string, string>> = { text: 'text', other: 'blob' };

const typeOf: Implementation = ([value]) => {
  if (value?.kind === 'number') return textValue(value.number.scale === 0 ? 'integer' : 'real');
  if (value?.kind === 'boolean') return textValue('integer');
  const type = SQLITE_TYPES[value?.kind ?? ''];
  return type === undefined ? undefined : textValue(type);
};

const absolute: Implementation = ([value]) =>
  value?.kind === 'number'
    ? {
        kind: 'number',
        number: {
          units: value.number.units < 0n ? -value.number.units : value.number.units,
          scale: value.number.scale,
        },
      }
    : undefined;

const isFinite: Implementation = ([value]) =>
  value?.kind === 'beyond' ? booleanValue(false) : value?.kind === 'instant' ? booleanValue(true) : undefined;

const truncateDay: Implementation = ([unit, moment]) => {
  if (unit?.kind !== 'text' || moment?.kind !== 'instant' || unit.text !== 'day') return undefined;
  const remainder = moment.micros % MICROS_PER_DAY;
  return { kind: 'instant', micros: moment.micros - (remainder < 0n ? remainder + MICROS_PER_DAY : remainder) };
};

/** SQLite's `date(x)` and `datetime(x)` give back what is in their own form and NULL for what is no date. */
function calendarForm(pattern: RegExp): Implementation {
  return ([value, modifier]) => {
    if (value?.kind !== 'text' || modifier !== undefined) return undefined;
    if (pattern.test(value.text)) return { kind: 'text', text: value.text, isFolded: false, isOrdered: true };
    return instantValue(value.text) === undefined ? null : undefined;
  };
}

const roundHalf: Implementation = ([value, digits]) => {
  if (value?.kind !== 'number' || (digits !== undefined && digits.kind !== 'number')) return undefined;
  const places = digits === undefined ? 0 : Number(digits.number.units);
  const { units, scale } = value.number;
  if (scale <= places) return value;
  const factor = 10n ** BigInt(scale - places);
  const magnitude = ((units < 0n ? -units : units) + factor / 2n) / factor;
  return numberValue(formatDecimal(units < 0n ? -magnitude : magnitude, places));
};

const FUNCTIONS: Readonly<Record<string, Implementation>> = {
  char_length: characters,
  character_length: characters,
  length: characters,
  octet_length: bytes,
  lower,
  upper,
  btrim: trimmer('both'),
  trim: trimmer('both'),
  ltrim: trimmer('start'),
  rtrim: trimmer('end'),
  position,
  strpos: position,
  instr: position,
  substring,
  substr: substring,
  left: onText((text, [length]) =>
    length?.kind === 'number' && length.number.units >= 0n
      ? textValue(Array.from(text).slice(0, Number(length.number.units)).join(''))
      : undefined,
  ),
  right: onText((text, [length]) =>
    length?.kind === 'number' && length.number.units > 0n
      ? textValue(Array.from(text).slice(-Number(length.number.units)).join(''))
      : undefined,
  ),
  replace: onText((text, [from, to]) =>
    from?.kind === 'text' && to?.kind === 'text'
      ? textValue(from.text === '' ? text : text.replaceAll(from.text, to.text))
      : undefined,
  ),
  starts_with: onText((text, [prefix]) =>
    prefix?.kind === 'text' ? booleanValue(text.startsWith(prefix.text)) : undefined,
  ),
  cardinality: size,
  array_length: ([value]) =>
    value?.kind === 'list' && value.items.length === 0 ? null : size(value === undefined ? [] : [value]),
  jsonb_typeof: jsonTypeOf,
  json_typeof: jsonTypeOf,
  jsonb_array_length: jsonArrayLength,
  json_array_length: jsonArrayLength,
  json_type: ([value, path]) => {
    const type = path === undefined ? jsonType(parseJson(value)) : undefined;
    return type === undefined || type === 'boolean' || type === 'number' || type === 'string'
      ? undefined
      : textValue(type);
  },
  json_valid: ([value]) => (value?.kind === 'text' ? wholeValue(parseJson(value) === undefined ? 0 : 1) : undefined),
  'op ?': ([document, key]) => {
    const parsed = parseJson(document);
    return key?.kind === 'text' && jsonType(parsed) === 'object'
      ? booleanValue(Object.hasOwn(parsed as object, key.text))
      : undefined;
  },
  isempty: ([value]) =>
    value?.kind === 'other' ? booleanValue(value.text === 'empty' || value.text === '{}') : undefined,
  typeof: typeOf,
  abs: absolute,
  round: roundHalf,
  isfinite: isFinite,
  date_trunc: truncateDay,
  date: calendarForm(/^\d{4}-\d\d-\d\d$/),
  datetime: calendarForm(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
};
