/**
 * Which database a set is written for, by evidence in this order: a `-- palindrome: dialect` line, what the tool's own files say,
 * a folder's name, the SQL itself, and at last the project around it.
 */
import { PalindromeError } from '../core/errors.ts';
import type { DialectName } from '../core/migration.ts';
import { JOURNAL } from './drizzle-journal.ts';
import { databaseOfProject } from './project-files.ts';
import type { HintedDialect } from './sql-hints.ts';
import { HintCounter } from './sql-hints.ts';

export interface DialectEvidence {
  /** Absolute path of the folder that holds the migrations. */
  readonly folder: string;
  readonly shownAs: string;
  /** Paths below it. */
  readonly files: readonly string[];
  readonly peek: (file: string) => string;
}

/** How far up the path a folder's name counts. */
const NAMES_COUNTED = 4;
/** Files read for hints, spread evenly over the set. */
const SAMPLE = 150;
/** A dialect must have more than this many times the other's hints. */
const CLEAR_LEAD = 2;
/** One weak hint (`INTEGER PRIMARY KEY` is fine in both) decides nothing. */
const ENOUGH = 2;

const NAMES: Readonly<Record<string, HintedDialect | 'other'>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  pgsql: 'postgres',
  pg: 'postgres',
  psql: 'postgres',
  cockroachdb: 'other',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  turso: 'sqlite',
  libsql: 'sqlite',
  mysql: 'mysql',
  mariadb: 'mysql',
  mssql: 'other',
  sqlserver: 'other',
  clickhouse: 'other',
  mongodb: 'other',
  singlestore: 'other',
};

/** Throws `dialect-unknown` if nothing tells, `dialect-unsupported` if it is plainly another database's. */
export function detectDialect(evidence: DialectEvidence): DialectName {
  const sqlFiles = evidence.files.filter((file) => /\.sql$/i.test(file));
  const step = Math.max(1, Math.ceil(sqlFiles.length / SAMPLE));
  const sample = sqlFiles.filter((_, index) => index % step === 0).map(evidence.peek);
  const declared = declaredDialect(sample);
  if (declared !== null) return declared;
  const told = dialectOfToolFiles(evidence);
  if (told !== null) return requireSupported(told.name, `${evidence.shownAs}/${told.file} says so`);
  const named = tellingName(evidence.folder);
  if (named !== undefined) return requireSupported(named, `the folder ${evidence.shownAs} is called so`);
  return dialectOfSql(evidence, sample);
}

function declaredDialect(texts: readonly string[]): DialectName | null {
  const found = new Set(
    texts.flatMap(
      (text) =>
        /^[ \t]*--[ \t]*palindrome:[ \t]*dialect[ \t]+(postgres|sqlite)[ \t\r]*$/im.exec(text)?.[1]?.toLowerCase() ??
        [],
    ),
  );
  if (found.size > 1) {
    throw new PalindromeError('dialect-unknown', 'Some scripts declare `dialect postgres` and some `dialect sqlite`.', {
      hint: 'Keep one of them, or give --dialect.',
    });
  }
  return found.has('sqlite') ? 'sqlite' : found.has('postgres') ? 'postgres' : null;
}

function dialectOfToolFiles({ files, peek }: DialectEvidence): { readonly name: string; readonly file: string } | null {
  const lock = 'migration_lock.toml';
  const provider = files.includes(lock) ? /^\s*provider\s*=\s*"([^"]+)"/m.exec(peek(lock))?.[1] : undefined;
  if (provider !== undefined) return { name: provider, file: lock };
  const journal = files.find((file) => file === JOURNAL) ?? files.find((file) => /^[^/]+\/snapshot\.json$/.test(file));
  const dialect = journal === undefined ? undefined : /"dialect"\s*:\s*"([^"]+)"/.exec(peek(journal))?.[1];
  return dialect === undefined || journal === undefined ? null : { name: dialect, file: journal };
}

/** The database that the last telling name of a path stands for: `other` for those that are not known here, null where no name tells. */
export function dialectOfPath(folder: string): HintedDialect | 'other' | null {
  const name = tellingName(folder);
  return name === undefined ? null : (NAMES[name.toLowerCase()] ?? null);
}

function tellingName(folder: string): string | undefined {
  const parts = folder.split(/[\\/]+/).slice(-NAMES_COUNTED);
  return parts.findLast((part) => Object.hasOwn(NAMES, part.toLowerCase()));
}

function requireSupported(name: string, because: string): DialectName {
  const dialect = Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined;
  if (dialect === 'postgres' || dialect === 'sqlite') return dialect;
  throw unsupported(name, because);
}

function unsupported(name: string, because: string): PalindromeError {
  return new PalindromeError(
    'dialect-unsupported',
    `These migrations are for ${name} (${because}), and Palindrome knows PostgreSQL and SQLite.`,
    {
      hint: 'If that is wrong, give --dialect postgres or --dialect sqlite.',
    },
  );
}

function dialectOfSql({ folder, shownAs }: DialectEvidence, texts: readonly string[]): DialectName {
  const counter = new HintCounter();
  for (const text of texts) counter.add(text);
  const { postgres, sqlite, mysql } = counter.scores();
  if (mysql >= ENOUGH && CLEAR_LEAD * mysql > Math.max(postgres, sqlite))
    throw unsupported('MySQL', 'their SQL says so');
  if (postgres >= ENOUGH && postgres > CLEAR_LEAD * sqlite) return 'postgres';
  if (sqlite >= ENOUGH && sqlite > CLEAR_LEAD * postgres) return 'sqlite';
  const project = databaseOfProject(folder);
  if (project !== null) return requireSupported(project.name, `${project.file} above it says so`);
  throw new PalindromeError('dialect-unknown', `Nothing in ${shownAs} tells whether it is for PostgreSQL or SQLite.`, {
    hint: 'Give --dialect postgres or --dialect sqlite, or write `-- palindrome: dialect sqlite` in the first script.',
  });
}
