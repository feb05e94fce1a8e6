/**
 * The `palindrome-counterexample/1` format: a failing case that outlives the generators that found it.
 */
import type { Dataset } from './dataset.ts';
import { shortId } from './hash.ts';
import type { AnyCells, Explanation } from './explanation.ts';
import type { Parameters } from './evidence.ts';
import type { DialectName, LayoutName } from './migration.ts';
import type { Finding, PropertyId } from './property.ts';

export interface Counterexample {
  readonly format: 'palindrome-counterexample/1';
  /** Derived from what failed (set, migration, property, clause, object) and the rows: the same failure gets the same id. */
  readonly id: string;
  readonly tool: { readonly version: string };
  readonly set: {
    readonly name: string;
    readonly path: string;
    readonly layout: LayoutName;
    readonly dialect: DialectName;
  };
  readonly migration: {
    readonly id: string;
    readonly name: string;
    readonly upSha256: string;
    readonly downSha256: string | null;
  };
  /** SHA-256 of each script before this migration, in order: the schema's origin. */
  readonly before: readonly string[];
  /** `Catalog.fingerprint` of the schema that the rows belong to. */
  readonly schemaFingerprint: string;
  readonly engine: { readonly version: string; readonly provider: string };
  readonly scenario: string;
  /** What decided the run beside the rows; absent where rows decide alone. */
  readonly parameters?: Parameters;
  readonly property: PropertyId;
  readonly clause: string;
  readonly seed: number;
  /** The case's number in its campaign, from 0. */
  readonly caseIndex: number;
  readonly shrinks: number;
  readonly dataset: Dataset;
  readonly finding: Finding;
  /** Cells that do not matter; absent in files of older versions, and where none is known. */
  readonly anyValue?: readonly AnyCells[];
  /** The steps of every session side by side; absent where there was one session, and in files of older versions. */
  readonly interleaving?: readonly string[];
  /** Absent in files of older versions, and where no statement can be named. */
  readonly explanation?: Explanation;
}

export type ReplayOutcome =
  | {
      readonly status: 'still-fails';
      readonly finding: Finding;
      readonly changed: readonly string[];
      /** What was done to the rows so that the schema of today takes them: sentences. */
      readonly rebased: readonly string[];
    }
  /** Never where a row or a cell had to be left out. */
  | { readonly status: 'fixed'; readonly changed: readonly string[]; readonly rebased: readonly string[] }
  /** The schema before the migration is no longer the one that the rows belong to, and they do not fit it, or not whole. */
  | { readonly status: 'stale'; readonly reason: string }
  | { readonly status: 'error'; readonly reason: string };

/** The id that belongs to an example: a file whose id is another one was changed after it was written. */
export function idOf({
  set,
  migration,
  property,
  clause,
  finding,
  dataset,
  parameters,
}: Pick<Counterexample, 'set' | 'migration' | 'property' | 'clause' | 'finding' | 'dataset' | 'parameters'>): string {
  const tables = dataset.tables.map(({ table, columns, rows }) => ({ table, columns, rows }));
  const what = [set.path, set.layout, migration.name, property, clause, finding.object, { tables }];
  return shortId(JSON.stringify(parameters == null ? what : [...what, parameters]));
}
