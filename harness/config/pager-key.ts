/** An order as SQL writes it, read into its parts. */
import type { PagerKey } from '../core/pager.ts';
import type { PagerConfig, PagerKeyConfig } from './pager-config.ts';

const PART =
  /^(?<column>"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)(?:\s+(?<direction>asc|desc))?(?:\s+nulls\s+(?<nulls>first|last))?$/iu;
/** Text up to a comma that stands in no quotes. */
const PIECES = /(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[^,])+/gu;

export type ReadKey =
  | { readonly status: 'read'; readonly key: readonly PagerKey[] }
  | { readonly status: 'wrong'; readonly message: string };

/** Reads `created_at desc, id desc`, or a list of such parts. */
export function readKey(given: PagerConfig['key']): ReadKey {
  const parts: readonly PagerKeyConfig[] = typeof given === 'string' ? (given.match(PIECES) ?? []) : given;
  const key: PagerKey[] = [];
  for (const part of parts) {
    const read = readPart(part);
    if (read === null) {
      return {
        status: 'wrong',
        message: `"${typeof part === 'string' ? part.trim() : part.column}" is not a column with "asc" or "desc" and "nulls first" or "nulls last" (an expression needs a generated column)`,
      };
    }
    if (key.some(({ column }) => column === read.column))
      return { status: 'wrong', message: `${read.column} stands in it twice` };
    key.push(read);
  }
  return key.length === 0 ? { status: 'wrong', message: 'must name a column' } : { status: 'read', key };
}

function readPart(part: PagerKeyConfig): PagerKey | null {
  const text = typeof part === 'string' ? part : part.column;
  const groups = PART.exec(text.trim())?.groups;
  if (groups === undefined) return null;
  const { column = '', direction, nulls } = groups;
  if (typeof part !== 'string') {
    if (direction !== undefined || nulls !== undefined) return null;
    return { column, direction: part.direction ?? 'asc', nulls: part.nulls ?? null };
  }
  return {
    column,
    direction: direction?.toLowerCase() === 'desc' ? 'desc' : 'asc',
    nulls: nulls === undefined ? null : nulls.toLowerCase() === 'first' ? 'first' : 'last',
  };
}
