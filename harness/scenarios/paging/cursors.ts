/** What a client holds between two pages, and what it sends of it. */
import type { Cell, Row } from '../../core/dataset.ts';
import type { CursorEncoding } from '../../core/pager.ts';
import type { ColumnType } from '../../core/schema.ts';

/** The cursor after an item. `seen`: items of this scan so far. */
export function encodeCursor(encoding: CursorEncoding, key: Row, types: readonly ColumnType[], seen: number): string {
  switch (encoding) {
    case 'offset':
      return String(seen);
    case 'json':
      return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
    case 'js-date':
      return JSON.stringify(key.map((cell, at) => throughJavaScript(cell, types[at])));
    default:
      return JSON.stringify(key);
  }
}

/** The values that stand for the cursor in the statement of the next page. */
export function decodeCursor(encoding: CursorEncoding, cursor: string): Row {
  if (encoding === 'offset') return [cursor];
  const text = encoding === 'json' ? Buffer.from(cursor, 'base64url').toString('utf8') : cursor;
  return JSON.parse(text) as Row;
}

/** What is left of a value in a driver without parsers of its own: a `Date` for times, a number for small numbers, text for large ones. */
function throughJavaScript(cell: Cell, type: ColumnType | undefined): Cell {
  if (cell === null || type === undefined) return cell;
  switch (type.kind) {
    case 'timestamp':
      return throughDate(cell, type.withZone) ?? cell;
    case 'integer':
      return BigInt(type.max) > 2n ** 31n ? cell : String(Number(cell));
    case 'float':
      return String(Number(cell));
    case 'sqlite': {
      const [, text = null] = /^'(\d{4}-\d\d-\d\d[ T][^']*)'$/.exec(cell) ?? [];
      const date = text === null ? null : throughDate(text, /Z|[+-]\d\d(:?\d\d)?$/.test(text));
      return date === null || text === null ? cell : `'${inTheFormOf(text, date)}'`;
    }
    default:
      return cell;
  }
}

/** An instant with the milliseconds that a `Date` has; null where it is none that a `Date` can hold. */
function throughDate(text: string, hasZone: boolean): string | null {
  const [, date = '', time = '', zone = ''] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(.*)$/.exec(text) ?? [];
  if (date === '') return null;
  const offset = !hasZone || zone === '' ? 'Z' : zone.length === 3 ? `${zone}:00` : zone;
  const parsed = new Date(`${date}T${time}${offset}`);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString();
}

/** An ISO text in the form in which the column has it. */
function inTheFormOf(text: string, iso: string): string {
  const separated = text.includes('T') ? iso : iso.replace('T', ' ');
  return text.endsWith('Z') ? separated : separated.replace('Z', '');
}
