/** Changes of a script's text at known places, so that a diff shows the change and nothing else. */
import { sha256 } from '../core/hash.ts';
import type { Script } from '../core/migration.ts';

/** The text from `start` to `end`, in UTF-16 code units, gives way to `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits made. They must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

/** The script with all edits made; its chunks are where they were, each with its own edits. Chunks that become blank are gone. */
export function mutateScript(script: Script, edits: readonly Edit[]): Script {
  const text = applyEdits(script.text, edits);
  const chunks = script.chunks
    .map(({ offset, text: before }) => {
      const from = moveStart(offset, edits);
      return { offset: from, text: text.slice(from, moveEnd(offset + before.length, edits)) };
    })
    .filter((chunk) => chunk.text.trim() !== '');
  return { ...script, text, chunks, sha256: sha256(text) };
}

/** Where a chunk begins after the edits: what is put in at its beginning belongs to it. */
function moveStart(at: number, edits: readonly Edit[]): number {
  return edits.reduce((moved, edit) => {
    if (edit.start >= at) return moved;
    return moved + edit.text.length - (Math.min(edit.end, at) - edit.start);
  }, at);
}

/** Where a chunk ends after the edits: what is put in at its end belongs to it. */
function moveEnd(at: number, edits: readonly Edit[]): number {
  return edits.reduce((moved, edit) => {
    if (edit.start > at) return moved;
    return moved + edit.text.length - (Math.min(edit.end, at) - edit.start);
  }, at);
}

/** Takes a stretch out, with the blanks before it, and with its lines where nothing else is on them. */
export function cut(text: string, start: number, end: number): Edit {
  const left = start - (/[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0);
  const right = end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0);
  const opensLine = left === 0 || text[left - 1] === '\n';
  const newline = /^\r?\n/.exec(text.slice(right))?.[0] ?? '';
  const closesLine = newline !== '' || right === text.length;
  if (opensLine && closesLine) return { start: left, end: right + newline.length, text: '' };
  return { start: opensLine ? start : left, end: opensLine ? right : end, text: '' };
}

/** Puts `text` in the place of a stretch. */
export function replace(span: { readonly start: number; readonly end: number }, text: string): Edit {
  return { start: span.start, end: span.end, text };
}
