/** Applies changes to clones of the base schema and looks at each with our catalog and with `pg_dump`. */
import { execFileSync } from 'node:child_process';
import { type Catalog, diffCatalogs } from '../../harness/core/catalog.ts';
import type { Cluster, Database } from '../../harness/core/dialect.ts';
import { sha256 } from '../../harness/core/hash.ts';
import type { Script } from '../../harness/core/migration.ts';
import { BASE_SCHEMA } from './base-schema.ts';

const LIMITS = { statementMs: 60_000, scriptMs: 60_000 };
const CAPTURE = { maxRowsPerTable: 0, projections: [] };
/** Databases dumped by one call into the container. */
const BATCH = 24;

/** What both say of one change. */
export interface Compared {
  readonly sql: string;
  /** How the change ended: `completed`, or what the server said. */
  readonly outcome: string;
  /** What our catalog sees: `kind: attribute`, `kind` for an object that is missing or new, `note` for facts that are only noted. */
  readonly ours: readonly string[];
  /** Lines that only one of the two dumps has. */
  readonly dumped: readonly string[];
}

/** Compares every change with the base. `container` is the name of the one that the server runs in. */
export async function compareChanges(
  cluster: Cluster,
  container: string,
  changes: readonly string[],
): Promise<readonly Compared[]> {
  await cluster.prepare({ extensions: [], roles: ['oracle_reader'] });
  const first = await cluster.create();
  await first.run(BASE_SCHEMA);
  const base = (await first.capture(CAPTURE)).catalog;
  const [baseDump = ''] = dumpDatabases(container, [first]);
  await using template = await cluster.freeze(first, sha256(BASE_SCHEMA));
  const compared: Compared[] = [];
  for (let from = 0; from < changes.length; from += BATCH) {
    const batch: {
      readonly sql: string;
      readonly outcome: string;
      readonly database: Database;
      readonly catalog: Catalog;
    }[] = [];
    for (const sql of changes.slice(from, from + BATCH)) {
      const database = await cluster.create(template);
      const result = await database.execute(scriptOf(sql), LIMITS);
      const outcome = result.status === 'failed' ? result.fault.message : result.status;
      batch.push({ sql, outcome, database, catalog: (await database.capture(CAPTURE)).catalog });
    }
    const dumps = dumpDatabases(
      container,
      batch.map(({ database }) => database),
    );
    for (const [at, { sql, outcome, database, catalog }] of batch.entries()) {
      compared.push({ sql, outcome, ours: differencesOf(base, catalog), dumped: diffLines(baseDump, dumps[at] ?? '') });
      await database[Symbol.asyncDispose]();
    }
  }
  return compared;
}

function scriptOf(sql: string): Script {
  const text = `${sql};`;
  return { file: 'change.sql', text, sha256: sha256(text), transaction: 'autocommit', chunks: [{ text, offset: 0 }] };
}

function differencesOf(base: Catalog, changed: Catalog): readonly string[] {
  const differences = diffCatalogs(base, changed).map((change) =>
    change.change === 'altered' ? `${change.kind}: ${change.attribute}` : change.kind,
  );
  return differences.length > 0 || notesOf(base) === notesOf(changed) ? differences : ['note'];
}

function notesOf({ objects }: Catalog): string {
  return JSON.stringify(objects.map(({ kind, name, notes }) => [kind, name, notes ?? null]));
}

/** Schema-only dumps of databases, in order. */
function dumpDatabases(container: string, databases: readonly Database[]): readonly string[] {
  const names = databases.map(({ address }) => new URL(address).pathname.slice(1));
  const script = 'for name in "$@"; do pg_dump --username postgres --schema-only "$name" || exit 1; printf "\\0"; done';
  const output = execFileSync('docker', ['exec', container, 'sh', '-c', script, 'sh', ...names], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  // Newer ones open and close with a word made by chance.
  return output.split('\0').map((dump) => dump.replaceAll(/^\\(?:un)?restrict .*$/gmu, ''));
}

function diffLines(before: string, after: string): readonly string[] {
  const [old, changed] = [before.split('\n'), after.split('\n')];
  if (before === after) return [];
  const [inOld, inNew] = [new Set(old), new Set(changed)];
  const lines = [
    ...old.filter((line) => !inNew.has(line)).map((line) => `- ${line}`),
    ...changed.filter((line) => !inOld.has(line)).map((line) => `+ ${line}`),
  ];
  return lines.length > 0 ? lines : ['the same lines in another order'];
}
