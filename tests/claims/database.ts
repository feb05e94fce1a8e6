/** What claims about PostgreSQL sets share: a client on an empty database, and a set's scripts run as Prisma runs them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Form, Lab } from './claim.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A connection that ends with its scope. `ask` returns rows of exact text; no value becomes a JavaScript number. */
export interface Connection extends AsyncDisposable {
  /** Runs SQL, of several statements if there are no values, and returns the rows of the last one, every cell as text. */
  readonly ask: (sql: string, values?: readonly string[]) => Promise<readonly TextRow[]>;
}

type TextRow = Readonly<Record<string, string | null>>;

/** Connects to a new, empty database of the lab. */
export async function openDatabase(lab: Lab): Promise<Connection> {
  // Texts as they come: by default node-postgres turns some types into numbers and dates.
  const client = new Client({
    connectionString: await lab.createDatabase(),
    types: { getTypeParser: () => (text: string) => text },
  });
  client.on('error', () => undefined);
  await client.connect();
  const ask = async (sql: string, values: readonly string[] = []) => {
    const results = await (values.length === 0 ? client.query<TextRow>(sql) : client.query<TextRow>(sql, [...values]));
    const last = Array.isArray(results) ? (results as (typeof results)[]).at(-1) : results;
    return last?.rows ?? [];
  };
  return {
    ask,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/**
 * Runs the forward scripts of a Prisma set whose names contain one of `names`, in order, each as one query of several statements; without
 * names, all. Throws what the database says, and where a name fits no migration.
 */
export async function applyUps(
  { ask }: Connection,
  { set, form }: { readonly set: string; readonly form: Form },
  names: readonly string[] = [''],
): Promise<void> {
  for (const script of await readScripts(set, form, names, 'migration.sql')) await ask(script);
}

/** The same backwards: the down scripts, last migration first. */
export async function applyDowns(
  { ask }: Connection,
  { set, form }: { readonly set: string; readonly form: Form },
  names: readonly string[],
): Promise<void> {
  for (const script of (await readScripts(set, form, names, 'down.sql')).toReversed()) await ask(script);
}

async function readScripts(
  set: string,
  form: Form,
  names: readonly string[],
  file: 'migration.sql' | 'down.sql',
): Promise<readonly string[]> {
  const folder = join(ROOT, 'migrations/reference', set, form);
  const entries = await readdir(folder, { withFileTypes: true });
  const migrations = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const stranger = names.find((name) => !migrations.some((migration) => migration.includes(name)));
  if (stranger !== undefined) throw new Error(`No migration of ${set}/${form} has ${stranger} in its name.`);
  const wanted = migrations.toSorted().filter((migration) => names.some((name) => migration.includes(name)));
  return await Promise.all(wanted.map((migration) => readFile(join(folder, migration, file), 'utf8')));
}
