/**
 * PostgreSQL's own grammar (18, compiled to WebAssembly), asked one small piece at a time:
 * its memory grows with the largest text it ever saw and never shrinks.
 */
import { hasSqlDetails, loadModule, parseSync, scan } from 'libpg-query';
import type { ParseResult, ScanToken } from 'libpg-query';

export type GrammarAnswer =
  | { readonly status: 'parsed'; readonly tree: ParseResult }
  /** `offset` is where the error is in the given text, in UTF-16 code units. */
  | { readonly status: 'rejected'; readonly message: string; readonly offset: number }
  /** The parser itself failed (memory, nesting): nothing is known about the text. */
  | { readonly status: 'unknown' };

/** Loads the grammar; `askGrammar` needs it. Cheap after the first time. */
export async function loadGrammar(): Promise<void> {
  await loadModule();
}

/** The scanner's tokens, comments included, with places in bytes of UTF-8. */
export async function scanTokens(text: string): Promise<readonly ScanToken[]> {
  return (await scan(text)).tokens;
}

/** Parses text that has at least one token. */
export function askGrammar(text: string): GrammarAnswer {
  try {
    return { status: 'parsed', tree: parseSync(text) };
  } catch (error) {
    if (!hasSqlDetails(error) || error.sqlDetails === undefined) return { status: 'unknown' };
    return {
      status: 'rejected',
      message: error.message,
      offset: utf16Offset(text, error.sqlDetails.cursorPosition),
    };
  }
}

/** Converts an offset in code points, as PostgreSQL counts, to UTF-16 code units. */
export function utf16Offset(text: string, codePoints: number): number {
  let offset = 0;
  for (let seen = 0; seen < codePoints && offset < text.length; seen++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** Converts an offset in bytes of UTF-8 to UTF-16 code units. */
export function utf16FromBytes(text: string, bytes: number): number {
  let offset = 0;
  for (let seen = 0; seen < bytes && offset < text.length;) {
    const point = text.codePointAt(offset) ?? 0;
    seen += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offset += point > 0xffff ? 2 : 1;
  }
  return offset;
}
