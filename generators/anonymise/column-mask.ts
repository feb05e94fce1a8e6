/** The mask of one column: from a cell to what stands in its place. */
import type { Cell } from '../../harness/core/dataset.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import type { Column } from '../../harness/core/schema.ts';
import type { Admission } from './admission.ts';
import { closeCell, openCell, type Inner } from './cells.ts';
import { maskLetters } from './letters.ts';
import { domainOf, leavesOf, maskText, maskTyped, type MaskContext } from './mask-value.ts';
import { scaleNumber, scrambleNumber } from './numbers.ts';
import { isAddress, maskAddress, maskHex, maskIban, maskUuid } from './systems.ts';
import { shiftMoment } from './times.ts';
import { maskJson } from './documents.ts';
import type { Treatment } from './treatment.ts';

export interface ColumnMask {
  /** `days`: how far the moments of this row move. Null where nothing of the value can be shown. */
  mask(cell: string, days: number, attempt: string): Cell;
}

export interface ColumnMaskRequest {
  readonly dialect: DialectName;
  readonly column: Column;
  readonly treatment: Treatment;
  readonly admission: Admission;
  /** Cells that stay as they are: keys of rows that migrations put, words that the schema or the scripts name. */
  readonly isPublic: (cell: string) => boolean;
  /** What faker's kinds made of each text. */
  readonly fakes: ReadonlyMap<string, string>;
  /** For `scale`. */
  readonly factor: bigint;
  readonly context: Omit<MaskContext, 'days' | 'attempt'>;
}

/** How often a permutation is walked on until a value is legal; past it, the database decides. */
const MOST_STEPS = 3_000;
const EPOCH_NAME = /(_at|_on|_ts|time|timestamp|date|expires|since|until)$/;
const EPOCH = /^1\d{9}(?:\d{3})?$/;
const SECONDS_PER_DAY = 86_400n;
const MOST_CACHED = 100_000;

/** Makes the mask. It is a function: equal cells become equal ones. */
export function makeColumnMask(request: ColumnMaskRequest): ColumnMask {
  const cache = new Map<string, Cell>();
  return {
    mask(cell, days, attempt) {
      const key = `${days}/${attempt}/${cell}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const masked = maskCell(request, cell, { ...request.context, days, attempt });
      if (cache.size < MOST_CACHED) cache.set(key, masked);
      return masked;
    },
  };
}

function maskCell(request: ColumnMaskRequest, cell: string, context: MaskContext): Cell {
  const { treatment, dialect, admission, isPublic } = request;
  if (treatment.how === 'keep' || treatment.how === 'shuffle') return cell;
  if (treatment.how === 'null') return null;
  if (treatment.how === 'constant')
    return dialect === 'sqlite' && !/^-?\d+(\.\d+)?$/.test(treatment.value)
      ? closeCell(dialect, "''", { form: 'text', text: treatment.value })
      : treatment.value;
  if (isPublic(cell) || admission.isEdge(cell)) return cell;
  const signature = admission.signatureOf(cell);
  let current: string = cell;
  for (let step = 0; step < MOST_STEPS; step++) {
    const opened = openCell(dialect, current);
    const next = step === 0 ? maskInner(request, opened, context) : maskInner(walking(request), opened, context);
    if (next === null) return null;
    current = closeCell(dialect, current, next);
    // Values of one signature that are neither public nor edges are a cycle of their own: the walk comes back to them.
    if (!isPublic(current) && !admission.isEdge(current) && admission.signatureOf(current) === signature)
      return current;
    if (treatment.how === 'hash' || treatment.how === 'scale') return current;
  }
  return current;
}

/** A fake that is not legal here is walked on letter by letter. */
function walking(request: ColumnMaskRequest): ColumnMaskRequest {
  return request.treatment.how === 'fake' ? { ...request, treatment: { how: 'format' } } : request;
}

function maskInner(request: ColumnMaskRequest, inner: Inner, context: MaskContext): Inner | null {
  if (inner.form === 'bytes')
    return { form: 'bytes', text: maskHex(context.keyed, domainOf(context, 'bytes'), inner.text) };
  if (inner.form === 'number') {
    const text = maskNumber(request, inner.text, context);
    return { form: 'number', text };
  }
  const text =
    inner.form === 'typed' ? maskPostgres(request, inner.text, context) : maskString(request, inner.text, context);
  return text === null ? null : { form: inner.form, text };
}

/** A cell of PostgreSQL: strings as their rule says, everything else by its type. */
function maskPostgres(request: ColumnMaskRequest, text: string, context: MaskContext): string | null {
  const { type } = request.column;
  const base = type.kind === 'domain' ? type.base : type;
  if (base.kind === 'integer') return maskNumber(request, text, context);
  if (base.kind === 'text' || base.kind === 'ltree') return maskString(request, text, context);
  if (request.treatment.how === 'scale') return scaleNumber(text, request.factor);
  return maskTyped(context, type, text);
}

function maskNumber({ column, treatment, factor }: ColumnMaskRequest, text: string, context: MaskContext): string {
  if (treatment.how === 'scale') return scaleNumber(text, factor);
  const name = column.name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  const isShifted = treatment.how === 'shift' || treatment.how === 'shift-per';
  if (EPOCH.test(text) && (isShifted || EPOCH_NAME.test(name))) {
    const unit = text.length === 13 ? 1_000n : 1n;
    return (BigInt(text) + BigInt(context.days) * SECONDS_PER_DAY * unit).toString();
  }
  return scrambleNumber(context.keyed, domainOf(context, 'number'), text);
}

function maskString(request: ColumnMaskRequest, text: string, context: MaskContext): string {
  const { treatment, column, fakes, factor } = request;
  const { keyed } = context;
  const letters = (inner: string): string => maskLetters(keyed, domainOf(context, 'text'), inner);
  switch (treatment.how) {
    case 'fake':
      return context.attempt === '' ? (fakes.get(text) ?? letters(text)) : letters(text);
    case 'hash': {
      const hash = keyed.bytes(32, 'hash', text).toString('hex');
      const base = column.type.kind === 'domain' ? column.type.base : column.type;
      return base.kind === 'text' && base.maxLength !== null ? hash.slice(0, base.maxLength) : hash;
    }
    case 'ip':
      return isAddress(text) ? maskAddress(keyed, domainOf(context, 'address'), text) : letters(text);
    case 'iban':
      return maskIban(letters, text);
    case 'uuid':
      return maskUuid(keyed, domainOf(context, 'uuid'), text);
    case 'json':
      return maskJson(text, leavesOf(context)) ?? letters(text);
    case 'shift':
    case 'shift-per':
      return shiftMoment(text, context.days);
    case 'scramble':
      return scrambleNumber(keyed, domainOf(context, 'number'), text);
    case 'scale':
      return scaleNumber(text, factor);
    case 'format':
      return letters(text);
    default:
      return maskText(context, text);
  }
}
