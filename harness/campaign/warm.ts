/**
 * What one round of `verify --watch` leaves ready for the next: schema states by the hash of the scripts that lead there, and verdicts by the
 * hash of everything that they depend on. A changed script changes the keys of whatever comes after it, so nothing has to be thrown away by hand.
 */
import type { Template } from '../core/dialect.ts';
import { sha256 } from '../core/hash.ts';
import type { Migration, MigrationSet } from '../core/migration.ts';
import type { ReportResult } from '../core/report.ts';
import { count } from '../core/text.ts';
import type { Advanced } from './advance.ts';
import type { ChainStart } from './chain.ts';
import type { PlannedSet } from './plan.ts';

/** Kept by whoever runs the rounds, who disposes the templates; a run reads it and adds to it. */
export interface WarmSet {
  /** Before a migration, by the key of the scripts before it. */
  readonly states: Map<string, ChainStart>;
  /** After a migration, by the key of the scripts up to it; only where its up completed. */
  readonly next: Map<string, Advanced>;
  /** What was judged to the end; null: this is a first look, which judges anew and keeps no verdict. */
  readonly results: Map<string, readonly ReportResult[]> | null;
  /** Keys that this round came by. */
  readonly met: Set<string>;
  /** Migrations whose verdicts are those of an earlier round. */
  readonly kept: Set<string>;
}

/** A first look is for what was changed alone: it ends there, and leaves out what is about the whole set. */
export function isFirstLook({ warm }: Pick<PlannedSet, 'warm'>): boolean {
  return warm?.results === null;
}

/** The kept value, or what `make` gives, which is kept where `isWhole` says so. */
export async function recall<Kept>(
  warm: WarmSet | undefined,
  kind: 'states' | 'next',
  key: string,
  make: () => Promise<Kept>,
  isWhole: (made: Kept) => boolean = () => true,
): Promise<Kept> {
  if (warm === undefined) return make();
  const values = warm[kind] as Map<string, Kept>;
  warm.met.add(key);
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = await make();
  if (isWhole(made)) values.set(key, made);
  return made;
}

/** Disposes a template that this run made for itself. */
export async function letGo({ warm }: Pick<PlannedSet, 'warm'>, template: Template | null): Promise<void> {
  if (warm === undefined) await template?.[Symbol.asyncDispose]();
}

/** The verdicts of an earlier round, or those that `judge` gives, which are kept unless the run is being stopped. */
export async function recallResults(
  { warm }: Pick<PlannedSet, 'warm'>,
  key: string,
  name: string,
  signal: AbortSignal,
  judge: () => Promise<readonly ReportResult[]>,
): Promise<readonly ReportResult[]> {
  if (warm === undefined || warm.results === null) return judge();
  warm.met.add(key);
  const known = warm.results.get(key);
  if (known !== undefined) {
    warm.kept.add(name);
    return known;
  }
  const judged = await judge();
  if (!signal.aborted) warm.results.set(key, judged);
  return judged;
}

/** What a report says of verdicts that were not judged in its own round. */
export function keptNotes({ warm, set }: Pick<PlannedSet, 'warm' | 'set'>): readonly string[] {
  if (warm === undefined || warm.kept.size === 0) return [];
  return [
    `nothing that the verdicts of ${warm.kept.size} of ${count(set.migrations.length, 'migration')} hang on was changed: they are those of an earlier round`,
  ];
}

/** On what the verdicts of a migration hang, beside the settings: the state before it, its scripts, and what is declared about it. */
export function keyOfMigration(stateKey: string, migration: Migration): string {
  return sha256(JSON.stringify(['migration', stateKey, printOf(migration)]));
}

/** On what the verdicts hang that are about all scripts of a set together. */
export function keyOfSet({ migrations }: MigrationSet, kind: 'chain' | 'ledger'): string {
  return sha256(JSON.stringify([kind, migrations.map(printOf)]));
}

/** The same text for migrations that are alike in their name, their scripts, and what is declared about them. */
export function printOf({ name, up, down, declarations }: Migration): string {
  return sha256(
    JSON.stringify([name, up.sha256, up.transaction, down?.sha256 ?? null, down?.transaction ?? null, declarations]),
  );
}
