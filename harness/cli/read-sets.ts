/** From settings to sets: folders are read, and what the configurations say about their migrations is checked and merged in. */
import path from 'node:path';
import { applyConfig, findUnknownMigrations } from '../config/apply-config.ts';
import type { ConfiguredSet } from '../config/apply-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { suggestion } from '../config/nearest.ts';
import { findPagerIssues } from '../config/pager-issues.ts';
import type { SetSettings } from '../config/settings.ts';
import { configError } from '../config/validate.ts';
import { PalindromeError } from '../core/errors.ts';
import { matchesGlob } from '../core/glob.ts';
import type { MigrationSet } from '../core/migration.ts';
import { readSet } from '../layouts/read-set.ts';
import { loadDialect } from './load-dialect.ts';

/** A set that was read, with what its settings ask. */
export interface ReadSet extends ConfiguredSet {
  readonly settings: SetSettings;
}

/**
 * Reads every set. Throws `config-invalid` with all mistakes of all configurations at once, those that only the migrations
 * reveal included; a folder that cannot be read is reported only where the configurations are right.
 */
export async function readSets(
  settings: readonly SetSettings[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly ReadSet[]> {
  const attempts = await Promise.all(settings.map((each) => attempt(each, environment)));
  const sources = new Set(settings.map(({ source }) => source).filter((source) => source !== null));
  const faults: Fault[] = [];
  for (const source of sources) {
    const concerned = attempts.filter((each) => each.settings.source === source);
    const sets = concerned.flatMap(({ set }) => (set === null ? [] : [set]));
    const issues = [
      ...source.issues,
      ...(sets.length < concerned.length ? [] : findUnknownMigrations(source.config, sets)),
      ...(await pagerIssues(source, sets)),
    ];
    if (issues.length > 0) faults.push({ source, issues });
  }
  const [only] = faults;
  if (only !== undefined)
    throw faults.length === 1 ? configError(only.source.shownAs, only.issues) : joinFaults(faults);
  return attempts.map(({ settings: own, set, thrown }) => {
    if (set === null) throw thrown;
    return { settings: own, ...applyConfig(set, own.config, own.source?.shownAs, folderOf(own)) };
  });
}

/** Throws `only-unmatched` where `--only` names nothing: a run without a case should not look like a success. */
export function requireMatch(only: string | null, sets: readonly ReadSet[]): void {
  if (only === null) return;
  const names = sets.flatMap(({ set }) => set.migrations.map(({ name }) => name));
  if (names.some((name) => matchesGlob(only, name))) return;
  throw new PalindromeError('only-unmatched', `No migration matches --only ${only}${suggestion(only, names)}`, {
    hint: 'It is a glob over whole names, as `palindrome status` lists them: --only "0012*"',
  });
}

interface Attempt {
  readonly settings: SetSettings;
  readonly set: MigrationSet | null;
  readonly thrown: unknown;
}

async function attempt(
  settings: SetSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Attempt> {
  const { folder, shownAs, layout, dialect } = settings;
  try {
    return { settings, set: await readSet({ folder, shownAs, layout, dialect, environment }), thrown: null };
  } catch (thrown) {
    return { settings, set: null, thrown };
  }
}

interface Fault {
  readonly source: LoadedConfig;
  readonly issues: Parameters<typeof configError>[1];
}

/** Pagers are read by the grammar of the first set; sets that share a configuration with pagers share a dialect. */
async function pagerIssues(source: LoadedConfig, sets: readonly MigrationSet[]): Promise<Fault['issues']> {
  const [set] = sets;
  if (set === undefined || (source.config.pagers ?? []).length === 0) return [];
  return findPagerIssues(source.config, path.dirname(source.file), await loadDialect(set.dialect));
}

/** Where paths in a set's configuration start. */
function folderOf({ source, folder }: SetSettings): string {
  return source === null ? folder : path.dirname(source.file);
}

function joinFaults(faults: readonly Fault[]): PalindromeError {
  const errors = faults.map(({ source, issues }) => configError(source.shownAs, issues));
  const hint = errors[0]?.hint;
  return new PalindromeError(
    'config-invalid',
    errors.map(({ message }) => message).join('\n'),
    hint === undefined ? {} : { hint },
  );
}
