/**
 * Pagers that migrations hint at: an index called `…_cursor_idx`, or one of several columns, all descending, that ends with the table's
 * primary key. A hint is proposed and never judged, since the application's own SQL is not in the migrations.
 */
import type { Dialect } from '../core/dialect.ts';
import type { MigrationSet } from '../core/migration.ts';
import type { SqlToken } from '../core/sql-token.ts';

/** A pager as it could be declared. */
export interface GuessedPager {
  readonly id: string;
  /** The migration that makes the index. */
  readonly from: string;
  readonly table: string;
  readonly key: string;
  readonly filter: string | null;
  readonly index: string;
}

/** Every hint of a set, in order; an index that is made twice is proposed as it was made last, one that is dropped later is not. */
export async function guessPagers(set: MigrationSet, dialect: Dialect): Promise<readonly GuessedPager[]> {
  const found = new Map<string, GuessedPager>();
  const primaryKeys = new Map<string, readonly string[]>();
  for (const { id, up } of set.migrations) {
    const statements = await dialect.split(up).catch(() => []);
    for (const { text, command } of statements) {
      if (!/^(?:CREATE|DROP)\b.*\b(?:INDEX|TABLE)\b/.test(command)) continue;
      const reader = new Reader(await dialect.tokenize(text), text);
      if (command.startsWith('DROP')) for (const name of droppedBy(reader)) found.delete(name);
      else if (command.includes('TABLE')) readTable(reader, primaryKeys);
      else readIndex(reader, id, primaryKeys, found);
    }
  }
  return [...found.values()];
}

/** `CREATE TABLE name (… PRIMARY KEY …)`: which columns that is. */
function readTable(reader: Reader, primaryKeys: Map<string, readonly string[]>): void {
  reader.skipTo('TABLE');
  reader.skipWords('IF', 'NOT', 'EXISTS');
  const table = bare(reader.name());
  for (const part of reader.list()) {
    const at = part.findIndex(
      ({ kind, value }, place) => kind === 'word' && value === 'PRIMARY' && part[place + 1]?.value === 'KEY',
    );
    if (at === -1) continue;
    const own = part[0];
    const isConstraint = at === 0 || own?.value === 'CONSTRAINT';
    const columns = isConstraint
      ? part
          .slice(at + 2)
          .filter(isName)
          .map(reader.nameOf)
      : own === undefined
        ? []
        : [reader.nameOf(own)];
    primaryKeys.set(table, columns.map(bare));
  }
}

/** `CREATE INDEX name ON table (…) WHERE …` */
function readIndex(
  reader: Reader,
  from: string,
  primaryKeys: ReadonlyMap<string, readonly string[]>,
  found: Map<string, GuessedPager>,
): void {
  reader.skipTo('INDEX');
  reader.skipWords('CONCURRENTLY', 'IF', 'NOT', 'EXISTS');
  const index = reader.name();
  reader.skipTo('ON');
  reader.skipWords('ONLY');
  const table = reader.name();
  if (reader.skipWords('USING') && !reader.skipWords('BTREE')) return;
  const key = reader.list().map((part) => readPart(part, reader));
  const columns = key.flatMap((part) => part ?? []);
  if (columns.length !== key.length || columns.length === 0) return;
  const primary = primaryKeys.get(bare(table)) ?? ['id'];
  const isNamed = /_cursor(?:_idx|_index)?$/.test(bare(index));
  const isShaped =
    columns.length > primary.length &&
    columns.every(({ isDescending }) => isDescending) &&
    columns.slice(-primary.length).every(({ column }, at) => bare(column) === primary[at]);
  if (!isNamed && !isShaped) return;
  const filter = reader.rest('WHERE');
  found.set(bare(index), {
    id: bare(index)
      .replace(/_idx$|_index$/, '')
      .replaceAll('_', '-'),
    from,
    table,
    key: columns.map(({ column, isDescending, nulls }) => `${column}${isDescending ? ' desc' : ''}${nulls}`).join(', '),
    filter,
    index,
  });
}

interface KeyPart {
  readonly column: string;
  readonly isDescending: boolean;
  readonly nulls: string;
}

/** A column with its direction; null: an expression, a collation or a class of operators. */
function readPart([first, ...rest]: readonly SqlToken[], reader: Reader): KeyPart | null {
  if (first === undefined || !isName(first)) return null;
  const words = rest.map(({ value }) => value).join(' ');
  const match = /^(ASC|DESC)?(?: ?NULLS (FIRST|LAST))?$/.exec(words);
  if (match === null) return null;
  const [, direction, nulls] = match;
  return {
    column: reader.nameOf(first),
    isDescending: direction === 'DESC',
    nulls: nulls === undefined ? '' : ` nulls ${nulls.toLowerCase()}`,
  };
}

function droppedBy(reader: Reader): readonly string[] {
  if (!reader.skipTo('INDEX')) return [];
  reader.skipWords('CONCURRENTLY', 'IF', 'EXISTS');
  const names: string[] = [];
  do names.push(bare(reader.name()));
  while (reader.skipMark(','));
  return names;
}

function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'name';
}

/** A name without its schema and quotes, as it is compared. */
function bare(name: string): string {
  const last = /(?:"(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[0] ?? name;
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase();
}

/** Walks over the tokens of one statement. */
class Reader {
  readonly #tokens: readonly SqlToken[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly SqlToken[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  /** As the statement writes it. */
  readonly nameOf = ({ start, end }: SqlToken): string => this.#text.slice(start, end);

  /** Goes behind the next such word; false: there is none. */
  skipTo(word: string): boolean {
    const found = this.#tokens.findIndex(({ kind, value }, at) => at >= this.#at && kind === 'word' && value === word);
    if (found !== -1) this.#at = found + 1;
    return found !== -1;
  }

  /** Passes over whichever of these words come next. */
  skipWords(...words: readonly string[]): boolean {
    const start = this.#at;
    while (this.#here?.kind === 'word' && words.includes(this.#here.value)) this.#at++;
    return this.#at > start;
  }

  skipMark(mark: string): boolean {
    if (this.#here?.value !== mark) return false;
    this.#at++;
    return true;
  }

  /** A name with its schema. */
  name(): string {
    const first = this.#here;
    let last = first;
    this.#at++;
    while (this.#here?.value === '.' && this.#tokens[this.#at + 1] !== undefined) {
      last = this.#tokens[this.#at + 1];
      this.#at += 2;
    }
    return first === undefined || last === undefined ? '' : this.#text.slice(first.start, last.end);
  }

  /** The tokens between the commas of the list in parentheses that begins here. */
  list(): readonly (readonly SqlToken[])[] {
    if (!this.skipMark('(')) return [];
    const parts: SqlToken[][] = [[]];
    for (let depth = 1; this.#here !== undefined; this.#at++) {
      const token = this.#here;
      if (token.value === '(') depth++;
      if (token.value === ')' && --depth === 0) break;
      if (token.value === ',' && depth === 1) parts.push([]);
      else parts.at(-1)?.push(token);
    }
    this.#at++;
    return parts;
  }

  /** The text after such a word, to the end; null: it does not come. */
  rest(word: string): string | null {
    if (!this.skipTo(word) || this.#here === undefined) return null;
    return this.#text.slice(this.#here.start).trim();
  }

  get #here(): SqlToken | undefined {
    return this.#tokens[this.#at];
  }
}
