/**
 * Faults of the harness or of its input, as opposed to outcomes of a migration (which are data, see `trace.ts`).
 * Every error has a stable code, says what happened and where, and what to do next.
 */

/** A place in a file that a person can open. Lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, for drawing a caret under the column. */
  readonly lineText?: string;
}

/** `usage` ends the process with exit code 2 (the input is wrong), `environment` with 3 (the machine or server is). */
export type FaultKind = 'usage' | 'environment';

/** The one error class that crosses module boundaries. */
export class PalindromeError extends Error {
  override readonly name = 'PalindromeError';
  /** Stable identifier, kebab-case, documented in `docs/errors.md`; for example `set-not-found`. */
  readonly code: string;
  readonly kind: FaultKind;
  readonly place: SourcePlace | undefined;
  /** What to type or change next. */
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { kind?: FaultKind; place?: SourcePlace; hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? 'usage';
    this.place = options.place;
    this.hint = options.hint;
  }
}

/** Locates `offset` (in UTF-16 code units) in `text`. Offsets past the end point at the end. */
export function placeAt(file: string, text: string, offset: number): SourcePlace {
  const end = Math.min(Math.max(offset, 0), text.length);
  const lineStart = text.lastIndexOf('\n', end - 1) + 1;
  const nextBreak = text.indexOf('\n', lineStart);
  const line = countLineBreaks(text, lineStart) + 1;
  const lineText = text.slice(lineStart, nextBreak === -1 ? text.length : nextBreak).replace(/\r$/, '');
  return { file, line, column: end - lineStart + 1, lineText };
}

function countLineBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * What went wrong first, where giving back what was open then failed as well: `await using` throws the later error and keeps the earlier
 * one in it, and that is the one that people have to hear of.
 */
export function firstFault(thrown: unknown): unknown {
  let first = thrown;
  while (first instanceof Error && first.name === 'SuppressedError' && 'suppressed' in first) first = first.suppressed;
  return first;
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
