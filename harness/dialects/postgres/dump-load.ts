/**
 * Loads a dump into an empty throwaway database, and says where it breaks: table, row and constraint, and never a value. The server's own words
 * quote values, so they are used for statements about the schema alone, and the session tells the server to log nothing.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { PalindromeError } from '../../core/errors.ts';
import { isSessionLost } from './faults.ts';
import { locateViolation } from './dump-violation.ts';
import { notADump, type DumpText } from './dump-file.ts';
import { scanScript, type Piece } from './scanner.ts';
import { sendSimple } from './script-query.ts';

type StatementPiece = Extract<Piece, { kind: 'statement' }>;

/** Owners, grants and what belongs to the server or to other servers: not part of the data. */
const SKIPPED =
  /^(GRANT|REVOKE|COMMENT|SECURITY|ALTER DEFAULT|(CREATE|ALTER|DROP) (DATABASE|ROLE|USER|GROUP|TABLESPACE|PUBLICATION|SUBSCRIPTION|EVENT TRIGGER|POLICY|SERVER|FOREIGN)|REFRESH)\b/;
/** Only the superuser may, and then nothing of a statement that fails reaches the server's log. */
const QUIET = [
  `SET log_min_messages = panic`,
  `SET log_min_error_statement = panic`,
  `SET log_error_verbosity = terse`,
  `SET log_statement = none`,
  `SET log_min_duration_statement = -1`,
];
const INSERTS_AT_ONCE = 200;
const ALREADY_THERE = '42P06';
const UNKNOWN_SETTING = '42704';

/** Runs the dump's statements. Throws `dataset-breaks-schema`, `dataset-version`, `dataset-fails` or `dataset-not-a-dump`. Returns notes. */
export async function loadDump(
  client: Client,
  dump: DumpText,
  shownAs: string,
  engineMajor: string,
): Promise<readonly string[]> {
  for (const sql of QUIET) await client.query(sql).catch(() => undefined);
  const statements = scanScript(dump.text).filter((piece) => piece.kind === 'statement');
  if (!statements.some(({ words }) => words[0] === 'CREATE' && words.includes('TABLE')))
    throw notADump(shownAs, 'no statement in it creates a table');
  const load = new Load(client, dump, shownAs, engineMajor);
  for (let at = 0; at < statements.length;) {
    const batch = batchAt(statements, at);
    await load.send(batch);
    at += batch.length;
  }
  return load.notes();
}

/** One statement, or INSERTs in a row. */
function batchAt(statements: readonly StatementPiece[], from: number): readonly StatementPiece[] {
  let to = from;
  while (to < statements.length && to - from < INSERTS_AT_ONCE && statements[to]?.words[0] === 'INSERT') to++;
  return statements.slice(from, Math.max(to, from + 1));
}

class Load {
  readonly #client: Client;
  readonly #dump: DumpText;
  readonly #shownAs: string;
  readonly #engineMajor: string;
  readonly #inserted = new Map<string, number>();
  readonly #skippedSettings = new Set<string>();
  #skipped = 0;

  constructor(client: Client, dump: DumpText, shownAs: string, engineMajor: string) {
    this.#client = client;
    this.#dump = dump;
    this.#shownAs = shownAs;
    this.#engineMajor = engineMajor;
  }

  notes(): readonly string[] {
    const settings = [...this.#skippedSettings].join(', ');
    return [
      ...(this.#skipped === 0 ? [] : ['owners, grants and comments of the dump were left out']),
      ...(settings === '' ? [] : [`settings that this server does not know were left out: ${settings}`]),
    ];
  }

  async send(batch: readonly StatementPiece[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    if (isSkipped(first)) {
      this.#skipped++;
      return;
    }
    const text = batch.map((piece) => piece.text).join(';\n');
    const result = await sendSimple(this.#client, text, { copyData: first.copyData });
    if (result.status === 'ok') {
      for (const piece of batch) this.#count(piece);
      return;
    }
    const { error } = result;
    if (!(error instanceof DatabaseError) || isSessionLost(error)) {
      throw new PalindromeError('server-lost', 'The PostgreSQL server went away while a dataset was loaded.', {
        kind: 'environment',
        hint: 'Look at the server’s log for a crash or a full disk, then run the same command again.',
      });
    }
    for (const piece of batch.slice(0, result.completed)) this.#count(piece);
    const failed = batch[result.completed] ?? first;
    if (failed.words[0] === 'SET' && error.code === UNKNOWN_SETTING) {
      this.#skippedSettings.add(failed.words[1]?.toLowerCase() ?? '');
      return;
    }
    if (failed.words[0] === 'CREATE' && failed.words[1] === 'SCHEMA' && error.code === ALREADY_THERE) return;
    throw await this.#explain(failed, error);
  }

  #count({ words, text }: StatementPiece): void {
    if (words[0] !== 'INSERT') return;
    const table = tableOf(text);
    this.#inserted.set(table, (this.#inserted.get(table) ?? 0) + 1);
  }

  async #explain(piece: StatementPiece, error: DatabaseError): Promise<PalindromeError> {
    const code = error.code ?? 'XX000';
    const line = lineOf(this.#dump.text, piece.offset);
    if (/^2[23]/.test(code)) {
      const where = await this.#placeOf(piece, error);
      const constraint = error.constraint === undefined ? kindOf(code) : `${error.constraint} (${kindOf(code)})`;
      return new PalindromeError(
        'dataset-breaks-schema',
        `${this.#shownAs} breaks its own schema: ${where} breaks ${constraint}. Nothing of it was used.`,
        { hint: `The statement is at line ${line}. Repair the rows where they come from, and make the dump again.` },
      );
    }
    const { major } = this.#dump;
    if (major !== null && Number(major) > Number(this.#engineMajor)) {
      return new PalindromeError(
        'dataset-version',
        `${this.#shownAs} was made from PostgreSQL ${major} and does not load in ${this.#engineMajor}: the statement at line ${line} fails (SQLSTATE ${code}).`,
        { hint: `Run with --postgres ${major}, or dump the data from a server of version ${this.#engineMajor}.` },
      );
    }
    if (code === '42601' && major === null) return notADump(this.#shownAs, `line ${line} is no SQL of PostgreSQL`);
    const isAboutSchema = /^(CREATE|ALTER)$/.test(piece.words[0] ?? '') && code !== '42601';
    const reason = isAboutSchema ? `${error.message} (SQLSTATE ${code})` : `SQLSTATE ${code}`;
    return new PalindromeError(
      'dataset-fails',
      `${this.#shownAs} does not load: the ${piece.words.slice(0, 2).join(' ')} at line ${line} fails: ${reason}.`,
      {
        hint: 'It must load in an empty database of this version; try: createdb scratch && psql -d scratch -f the file',
      },
    );
  }

  /** `row 3 of public.users`. */
  async #placeOf(piece: StatementPiece, error: DatabaseError): Promise<string> {
    const copied = /^COPY (\S+), line (\d+)/.exec(error.where ?? '');
    const table = tableOf(piece.text);
    if (copied !== null) return `row ${copied[2]} of ${table}`;
    if (piece.words[0] === 'INSERT') return `row ${(this.#inserted.get(table) ?? 0) + 1} of ${table}`;
    return (await locateViolation(this.#client, piece.text)) ?? `a row of ${error.table ?? table}`;
  }
}

function isSkipped({ words }: StatementPiece): boolean {
  const joined = words.join(' ');
  return SKIPPED.test(joined) || (words[0] === 'ALTER' && / OWNER TO\b/.test(joined));
}

/** The table that a COPY, INSERT or ALTER TABLE names. */
function tableOf(text: string): string {
  const name = `(?:"(?:[^"]|"")+"|[\\w$]+)`;
  const match = new RegExp(
    `^(?:COPY|INSERT\\s+INTO|ALTER\\s+TABLE(?:\\s+ONLY)?)\\s+(${name}(?:\\.${name})?)`,
    'i',
  ).exec(text);
  return match?.[1] ?? 'a table';
}

function kindOf(code: string): string {
  const kinds: Readonly<Record<string, string>> = {
    '23502': 'NOT NULL',
    '23503': 'foreign key',
    '23505': 'unique',
    '23514': 'check',
    '23P01': 'exclusion',
  };
  return kinds[code] ?? `the type of a column, SQLSTATE ${code}`;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
