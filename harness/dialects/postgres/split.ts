/**
 * Splits scripts into statements: the scanner proposes, the grammar confirms.
 */
import type { Statement } from '../../core/dialect.ts';
import { PalindromeError, placeAt } from '../../core/errors.ts';
import type { Script } from '../../core/migration.ts';
import { commandOf } from './command.ts';
import { askGrammar, loadGrammar, utf16FromBytes } from './grammar.ts';
import { scanScript } from './scanner.ts';
import type { Piece } from './scanner.ts';

type Source = Pick<Script, 'file' | 'text'>;
type StatementPiece = Extract<Piece, { kind: 'statement' }>;

/** Statements are given to the grammar in batches of about this many characters. */
const BATCH_LENGTH = 32_768;
const CACHE_ENTRIES = 512;
/** Longer scripts than this are not kept: a dump is split once or twice. */
const CACHE_TEXT_LENGTH = 262_144;

/** psql commands that change nothing for a migration: skipped. `\restrict` and `\connect` are what pg_dump writes. */
const HARMLESS = /^\\(restrict|unrestrict|connect|c|echo|qecho|warn|timing|pset|encoding|x|a|t|\.|;)(\s|$)/;
const HARMLESS_SET =
  /^\\set\s+(ON_ERROR_STOP|ON_ERROR_ROLLBACK|QUIET|VERBOSITY|ECHO|ECHO_HIDDEN|SHOW_CONTEXT|FETCH_COUNT)\b/i;

const confirmed = new Map<string, readonly Statement[]>();
const scanned = new Map<string, readonly Statement[]>();

/**
 * Splits a script and confirms each statement with the grammar. Throws `PalindromeError` `sql-syntax` at the first
 * statement that PostgreSQL 18 cannot parse, and `psql-command` for backslash commands that cannot be skipped.
 */
export async function splitScript(source: Source): Promise<readonly Statement[]> {
  const known = confirmed.get(source.text);
  if (known !== undefined) return known;
  await loadGrammar();
  const pieces = scanScript(source.text);
  refuseBackslashes(source, pieces);
  const statements = confirm(source, pieces.filter(isStatement));
  return remember(confirmed, source.text, statements);
}

/** Splits by the scanner alone, for executing: whether a statement is SQL is then the server's verdict. */
export function splitUnchecked(text: string): readonly Statement[] {
  return scanned.get(text) ?? remember(scanned, text, scanScript(text).filter(isStatement).map(toStatement));
}

/** Throws `psql-command` for the first backslash command of a script that psql would obey and this project does not. */
export function refuseBackslashCommands(source: Source): void {
  if (source.text.includes('\\')) refuseBackslashes(source, scanScript(source.text));
}

function refuseBackslashes(source: Source, pieces: readonly Piece[]): void {
  for (const piece of pieces) {
    if (piece.kind !== 'backslash' || HARMLESS.test(piece.text) || HARMLESS_SET.test(piece.text)) continue;
    throw new PalindromeError(
      'psql-command',
      `psql’s ${piece.text.split(/\s/)[0]} cannot be used in a migration here.`,
      {
        place: placeAt(source.file, source.text, piece.offset),
        hint: 'Write the statement itself in the script.',
      },
    );
  }
}

function confirm(source: Source, pieces: readonly StatementPiece[]): Statement[] {
  const statements: Statement[] = [];
  for (let from = 0; from < pieces.length;) {
    const to = batchEnd(pieces, from);
    const batch = pieces.slice(from, to);
    const answer = askGrammar(batch.map((piece) => piece.text).join('\n;'));
    if (answer.status === 'parsed' && answer.tree.stmts?.length === batch.length) {
      statements.push(...batch.map(toStatement));
    } else {
      statements.push(...batch.flatMap((piece) => confirmOne(source, piece)));
    }
    from = to;
  }
  return statements;
}

function batchEnd(pieces: readonly StatementPiece[], from: number): number {
  let length = 0;
  let to = from;
  while (to < pieces.length && (to === from || length < BATCH_LENGTH)) length += pieces[to++]?.text.length ?? 0;
  return to;
}

/** Where the grammar sees several statements in one piece of the scanner, the grammar wins. */
function confirmOne(source: Source, piece: StatementPiece): Statement[] {
  const answer = askGrammar(piece.text);
  if (answer.status === 'rejected') {
    throw new PalindromeError('sql-syntax', answer.message, {
      place: placeAt(source.file, source.text, piece.offset + answer.offset),
    });
  }
  if (answer.status === 'unknown') return [toStatement(piece)];
  const parsed = answer.tree.stmts ?? [];
  if (parsed.length === 1) return [toStatement(piece)];
  return parsed.flatMap(({ stmt_location: location = 0, stmt_len: bytes = 0 }) => {
    const start = utf16FromBytes(piece.text, location);
    const end = bytes === 0 ? piece.text.length : utf16FromBytes(piece.text, location + bytes);
    const [inner] = scanScript(piece.text.slice(start, end)).filter(isStatement);
    return inner === undefined ? [] : [toStatement({ ...inner, offset: piece.offset + start + inner.offset })];
  });
}

function isStatement(piece: Piece): piece is StatementPiece {
  return piece.kind === 'statement';
}

function toStatement({ text, offset, words, copyData }: StatementPiece): Statement {
  return { text, offset, command: commandOf(words), copyData };
}

function remember(cache: Map<string, readonly Statement[]>, text: string, statements: readonly Statement[]) {
  if (text.length > CACHE_TEXT_LENGTH) return statements;
  if (cache.size >= CACHE_ENTRIES)
    for (const oldest of [...cache.keys()].slice(0, CACHE_ENTRIES / 4)) cache.delete(oldest);
  cache.set(text, statements);
  return statements;
}
