/**
 * dbmate's blocks: `-- migrate:up` and `-- migrate:down` at the start of a line, each with options. Source: dbmate 2.35, `migration.go`.
 */
import { PalindromeError, placeAt } from '../core/errors.ts';

export interface DbmateBlock {
  /** From the marker to the next one. */
  readonly text: string;
  readonly offset: number;
  readonly usesTransaction: boolean;
  /** Nothing but the marker line and blanks. */
  readonly isBlank: boolean;
}

const MARKER = /^--\s*migrate:(up|down)(?:\s*$|\s+\S+)/gm;

/** The blocks in the order in which dbmate runs them. Throws `script-markers` with the place of what dbmate refuses. */
export function parseDbmate(
  file: string,
  text: string,
): { readonly up: readonly DbmateBlock[]; readonly down: readonly DbmateBlock[] } {
  const markers = [...text.matchAll(MARKER)].map((match) => ({ kind: match[1], offset: match.index }));
  const fault = (offset: number, message: string): PalindromeError =>
    new PalindromeError('script-markers', message, {
      place: placeAt(file, text, offset),
      hint: 'dbmate: `-- migrate:up`, its SQL, then `-- migrate:down` and its SQL (which may be empty).',
    });
  const first = markers.find(({ kind }) => kind === 'up');
  if (first === undefined) throw fault(0, 'No `-- migrate:up` in this file.');
  const stray = strayStatement(text.slice(0, first.offset));
  if (stray !== null) throw fault(stray, 'SQL or a down block before `-- migrate:up`.');

  const up: DbmateBlock[] = [];
  const down: DbmateBlock[] = [];
  for (const [index, marker] of markers.entries()) {
    const block = readBlock(text, marker.offset, markers[index + 1]?.offset ?? text.length);
    if (marker.kind === 'up') {
      if (up.length > down.length)
        throw fault(up.at(-1)?.offset ?? 0, 'This `-- migrate:up` has no `-- migrate:down`.');
      up.push(block);
    } else {
      if (down.length === up.length)
        throw fault(marker.offset, 'A `-- migrate:down` without a `-- migrate:up` of its own.');
      down.push(block);
    }
  }
  if (up.length > down.length)
    throw fault(
      up.at(-1)?.offset ?? 0,
      'This `-- migrate:up` has no `-- migrate:down`: dbmate 2 requires one, which may be empty.',
    );
  return { up, down };
}

function readBlock(text: string, offset: number, end: number): DbmateBlock {
  const block = text.slice(offset, end);
  const firstLine = block.split('\n', 1)[0] ?? '';
  const options = firstLine
    .replace(/^--\s*migrate:(?:up|down)/, '')
    .trim()
    .split(/\s+/);
  const transaction = options.findLast((option) => /^transaction:[^:]*$/.test(option));
  return {
    text: block,
    offset,
    usesTransaction: transaction !== 'transaction:false',
    isBlank: block.slice(firstLine.length).trim() === '',
  };
}

function strayStatement(head: string): number | null {
  let offset = 0;
  for (const line of head.split('\n')) {
    const isDown = /^--\s*migrate:down(?:\s*$|\s+\S+)/.test(line);
    if (isDown || !/^\s*(?:--.*)?$/.test(line)) return offset;
    offset += line.length + 1;
  }
  return null;
}
