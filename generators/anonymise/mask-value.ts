/**
 * One value by its type, and a text by what it looks like: each step is a permutation of values of the same form, so equal values stay equal
 * and others stay apart. Domains are families of values, not columns: what is equal in two columns stays equal in both, whether a foreign key
 * joins them or not.
 */
import type { ColumnType } from '../../harness/core/schema.ts';
import {
  maskArray,
  maskBounds,
  maskComposite,
  maskHstore,
  maskJson,
  maskLexemes,
  maskNumbersIn,
  maskXml,
  type LeafMasks,
} from './documents.ts';
import type { Keyed } from './keyed.ts';
import { maskLetters } from './letters.ts';
import { scrambleNumber } from './numbers.ts';
import { isAddress, isUuid, maskAddress, maskBits, maskHardware, maskHex, maskUuid } from './systems.ts';
import { isMoment, maskClock, maskInterval, shiftMoment } from './times.ts';

export interface MaskContext {
  readonly keyed: Keyed;
  /** How far moments move. */
  readonly days: number;
  /** Distinguishes another try at the same value; empty at first. */
  readonly attempt: string;
}

/** Words for yes, no and nothing: they tell nothing, and casts depend on them. */
const WORDS = /^(true|false|t|f|yes|no|y|n|on|off|null|none|n\/a|unknown|nan|-?infinity)$/i;

/** Masks a value of a type. Null: nothing of the type can be masked. */
export function maskTyped(context: MaskContext, type: ColumnType, text: string): string | null {
  const { keyed } = context;
  switch (type.kind) {
    case 'domain':
      return maskTyped(context, type.base, text);
    case 'boolean':
    case 'enum':
      return text;
    case 'integer':
    case 'numeric':
    case 'float':
      return scrambleNumber(keyed, domainOf(context, 'number'), text);
    case 'money':
      return maskMoney(context, text);
    case 'text':
    case 'ltree':
      return maskText(context, text);
    case 'bytes':
      return text.startsWith('\\x')
        ? `\\x${maskHex(keyed, domainOf(context, 'bytes'), text.slice(2))}`
        : maskText(context, text);
    case 'date':
    case 'timestamp':
      return shiftMoment(text, context.days);
    case 'time':
      return maskClock(keyed, domainOf(context, 'clock'), text);
    case 'interval':
      return maskInterval(keyed, domainOf(context, 'interval'), text);
    case 'uuid':
      return maskUuid(keyed, domainOf(context, 'uuid'), text);
    case 'network':
      return type.which === 'inet' || type.which === 'cidr'
        ? maskAddress(keyed, domainOf(context, 'address'), text)
        : maskHardware(keyed, domainOf(context, 'address'), text);
    case 'bits':
      return maskBits(keyed, domainOf(context, 'bits'), text);
    case 'sqlite':
    case 'unsupported':
      return null;
    default:
      return maskStructured(context, type, text);
  }
}

function maskStructured(
  context: MaskContext,
  type: Extract<
    ColumnType,
    { kind: 'json' | 'array' | 'range' | 'composite' | 'geometric' | 'textSearch' | 'hstore' | 'xml' }
  >,
  text: string,
): string | null {
  const masks = leavesOf(context);
  switch (type.kind) {
    case 'json':
      return maskJson(text, masks);
    case 'array':
      return maskArray(text, (inner) => maskTyped(context, type.element, inner));
    case 'range':
      return type.element.kind === 'date' || type.element.kind === 'timestamp'
        ? maskBounds(text, (inner) => shiftMoment(inner, context.days))
        : null;
    case 'composite':
      return maskComposite(text, (inner, position) => {
        const field = type.fields[position];
        return field === undefined ? null : maskTyped(context, field.type, inner);
      });
    case 'geometric':
      return maskNumbersIn(text, masks);
    case 'textSearch':
      return maskLexemes(text, masks);
    case 'hstore':
      return maskHstore(text, masks);
    default:
      return maskXml(text, masks);
  }
}

/** Masks a text so that what could be cast to another type still can. */
export function maskText(context: MaskContext, text: string): string {
  const { keyed } = context;
  const core = text.trim();
  if (core === '' || WORDS.test(core)) return text;
  if (isUuid(core)) return text.replace(core, () => maskUuid(keyed, domainOf(context, 'uuid'), core));
  if (isMoment(core)) return text.replace(core, () => shiftMoment(core, context.days));
  if (isAddress(core)) return text.replace(core, () => maskAddress(keyed, domainOf(context, 'address'), core));
  if (/^[[{]/.test(core)) {
    const json = maskJson(core, leavesOf(context));
    if (json !== null) return text.replace(core, () => json);
  }
  return maskLetters(keyed, domainOf(context, 'text'), text);
}

/** How the leaves of documents are masked. */
export function leavesOf(context: MaskContext): LeafMasks {
  return {
    text: (text) => maskText(context, text),
    number: (text) => scrambleNumber(context.keyed, domainOf(context, 'number'), text),
    name: (text) => maskLetters(context.keyed, domainOf(context, 'text'), text),
  };
}

function maskMoney(context: MaskContext, text: string): string {
  const digits = text.replaceAll(/[^\d.]/g, '');
  const made = Array.from(scrambleNumber(context.keyed, domainOf(context, 'number'), digits));
  return text.replaceAll(/[\d.]/g, () => made.shift() ?? '0');
}

/** The name of a family of values. */
export function domainOf({ attempt }: MaskContext, family: string): string {
  return `${family}${attempt}`;
}
