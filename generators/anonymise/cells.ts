/** Cells and what stands in them: on PostgreSQL the text of the column's type, on SQLite a literal that tells its storage class. */
import type { DialectName } from '../../harness/core/migration.ts';

/** What a cell holds. `typed`: the text of the column's type. */
export interface Inner {
  readonly form: 'typed' | 'number' | 'text' | 'bytes';
  readonly text: string;
}

const CAST = /^CAST\(X'([0-9a-f]*)' AS TEXT\)$/i;

/** Takes a cell apart. */
export function openCell(dialect: DialectName, cell: string): Inner {
  if (dialect === 'postgres') return { form: 'typed', text: cell };
  if (cell.startsWith("'")) return { form: 'text', text: cell.slice(1, -1).replaceAll("''", "'") };
  if (/^x'/i.test(cell)) return { form: 'bytes', text: cell.slice(2, -1) };
  const cast = CAST.exec(cell);
  // Latin-1 keeps every byte of a text that is no valid UTF-8.
  return cast === null
    ? { form: 'number', text: cell }
    : { form: 'text', text: Buffer.from(cast[1] ?? '', 'hex').toString('latin1') };
}

/** Puts a cell together again, in the spelling of `original`. */
export function closeCell(dialect: DialectName, original: string, inner: Inner): string {
  if (dialect === 'postgres') return inner.text;
  switch (inner.form) {
    case 'bytes':
      return `X'${inner.text}'`;
    case 'text':
      if (CAST.test(original)) return `CAST(X'${Buffer.from(inner.text, 'latin1').toString('hex')}' AS TEXT)`;
      return `'${inner.text.replaceAll("'", "''")}'`;
    default:
      return inner.text;
  }
}
