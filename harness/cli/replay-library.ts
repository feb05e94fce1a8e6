/** One case with literal rows, for callers of the library: what `replay` does with a stored one. */
import type { Flags } from '../config/settings.ts';
import type { Counterexample } from '../core/counterexample.ts';
import type { Cell, Dataset } from '../core/dataset.ts';
import type { Parameters } from '../core/evidence.ts';
import { shortId } from '../core/hash.ts';
import type { DialectName, LayoutName } from '../core/migration.ts';
import type { Finding, PropertyId } from '../core/property.ts';
import { openServerPool } from './server-pool.ts';
import { openFor, planFor, type ReplaySetting } from './replay-cases.ts';
import type { VerifyOptions } from './library.ts';

/** Rows of one table by column; cells are exact text as in reports, null is NULL. */
export interface LiteralRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/** A case, and what it must not falsify. The rows are all that is loaded; whoever runs it depends on no generator and no store. */
export interface LiteralCase extends Pick<
  VerifyOptions,
  'cwd' | 'config' | 'provider' | 'postgres' | 'image' | 'serverUrl' | 'allowRemote' | 'statementMs' | 'scriptMs'
> {
  /** The folder of migrations, relative to `cwd`. */
  readonly migrations: string;
  readonly dialect: DialectName;
  readonly layout: LayoutName;
  /** Its name, as `palindrome status` lists it. */
  readonly migration: string;
  readonly property: PropertyId;
  readonly clause: string;
  /** What failed: for people. */
  readonly object?: string | undefined;
  /** `standard` where it is absent. */
  readonly scenario?: string | undefined;
  readonly parameters?: Parameters | undefined;
  readonly rows: readonly LiteralRows[];
}

/** How a case ended. `stale`: the migration is gone, or the schema before it does not take the rows. */
export interface LiteralOutcome {
  readonly status: 'still-fails' | 'fixed' | 'stale' | 'error';
  /** One sentence: what failed, or why nothing could be said. */
  readonly reason: string;
}

/** Runs the rows through the migration's scenario and judges the property. Throws `PalindromeError` where the migrations cannot be read, or nothing could be run. */
export async function replay(options: LiteralCase): Promise<LiteralOutcome> {
  const { cwd = process.cwd() } = options;
  const setting: ReplaySetting = { flags: flagsOf(options), cwd, env: {}, signal: new AbortController().signal };
  const example = exampleOf(options);
  await using pool = openServerPool();
  await using replayer = await openFor(await planFor(example, setting, pool));
  const { outcome } = await replayer.replay({ example, kept: null, narrate: () => undefined });
  if (outcome.status === 'still-fails') return { status: outcome.status, reason: outcome.finding.message };
  if (outcome.status === 'fixed') return { status: outcome.status, reason: 'the property holds for these rows' };
  return { status: outcome.status, reason: outcome.reason };
}

function flagsOf(options: LiteralCase): Flags {
  const { config, provider, postgres, image, serverUrl, allowRemote, statementMs, scriptMs } = options;
  return { config, provider, postgres, image, serverUrl, allowRemote, statementMs, scriptMs };
}

function exampleOf(options: LiteralCase): Counterexample {
  const { migrations, dialect, layout, migration, property, clause, object = '', parameters, rows } = options;
  const finding: Finding = {
    clause,
    message: '',
    object,
    catalogChanges: [],
    tableDifferences: [],
    fault: null,
    at: null,
    wayOut: null,
  };
  return {
    format: 'palindrome-counterexample/1',
    id: shortId(JSON.stringify([migrations, migration, property, clause, object, rows])),
    tool: { version: '' },
    set: { name: migrations, path: migrations, layout, dialect },
    migration: { id: '', name: migration, upSha256: '', downSha256: null },
    before: [],
    schemaFingerprint: '',
    // No version stands in a literal case: it is judged on what the configuration asks for.
    engine: { version: '', provider: '' },
    scenario: options.scenario ?? 'standard',
    ...(parameters == null ? {} : { parameters }),
    property,
    clause,
    seed: 0,
    caseIndex: 0,
    shrinks: 0,
    dataset: datasetOf(rows),
    finding,
  };
}

function datasetOf(given: readonly LiteralRows[]): Dataset {
  return {
    tables: given.map(({ table, rows }) => {
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return { table, columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
    }),
  };
}
