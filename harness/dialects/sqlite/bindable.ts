/** Cells, which are SQLite's literals, as values that its driver binds, and back. */
import type { Cell } from '../../core/dataset.ts';
import { quoteText } from './quote.ts';

const TEXT = /^'([\s\S]*)'$/;
const BLOB = /^x'([0-9a-f]*)'$/i;
const CAST_TEXT = /^CAST\(X'([0-9A-Fa-f]*)' AS TEXT\)$/i;

/** The value that a cell stands for, as better-sqlite3 takes it: integers as bigint, so that they stay integers. */
export function bindable(cell: Cell): null | bigint | number | string | Uint8Array {
  if (cell === null) return null;
  if (/^[+-]?\d+$/.test(cell)) return BigInt(cell);
  const text = TEXT.exec(cell)?.[1];
  if (text !== undefined) return text.replaceAll("''", "'");
  const blob = BLOB.exec(cell)?.[1];
  if (blob !== undefined) return Buffer.from(blob, 'hex');
  const cast = CAST_TEXT.exec(cell)?.[1];
  if (cast !== undefined) return Buffer.from(cast, 'hex').toString('utf8');
  return Number(cell);
}

/** The literal of a value as better-sqlite3 gives it with safe integers. `quote`: SQLite's own literal of a real number. */
export function cellOf(value: unknown, quote: (real: number) => string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : quote(value);
  return `X'${Buffer.from(value as Uint8Array)
    .toString('hex')
    .toUpperCase()}'`;
}
