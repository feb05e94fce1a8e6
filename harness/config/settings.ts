/**
 * Flags, the environment, configuration files and defaults become settings. Precedence: flag, then environment
 * (`PALINDROME_SERVER_URL`, `PALINDROME_STORE`), then configuration, then default.
 */
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import type { MaskConfig } from '../core/mask-rule.ts';
import type { DialectName, LayoutName } from '../core/migration.ts';
import type { PropertyId } from '../core/property.ts';
import type { Shard } from '../core/shard.ts';
import type { ProviderChoice, UserConfig } from './define-config.ts';
import { findConfig, requireConfig } from './find-config.ts';
import { loadConfig } from './load-config.ts';
import type { LoadedConfig } from './load-config.ts';
import { completeReportTargets, parseReportTarget } from './report-target.ts';
import type { ReportTarget } from './report-target.ts';
import { resolveStorePlace, type StorePlace } from './store-place.ts';
import { defaultWorkers } from './workers.ts';

/** What the command line (or a caller of the library) gave; a key that is absent was not given. */
export interface Flags {
  readonly config?: string | undefined;
  readonly dialect?: DialectName | undefined;
  readonly layout?: LayoutName | undefined;
  readonly provider?: ProviderChoice | undefined;
  readonly postgres?: readonly string[] | undefined;
  readonly image?: string | undefined;
  readonly serverUrl?: string | undefined;
  readonly allowRemote?: boolean | undefined;
  readonly cases?: number | undefined;
  readonly workers?: number | undefined;
  readonly seed?: number | undefined;
  readonly only?: string | undefined;
  readonly property?: readonly PropertyId[] | undefined;
  readonly report?: readonly string[] | undefined;
  readonly keep?: boolean | undefined;
  readonly store?: string | undefined;
  readonly statementMs?: number | undefined;
  readonly scriptMs?: number | undefined;
  readonly color?: boolean | undefined;
  readonly dataset?: string | undefined;
  readonly datasetAt?: string | undefined;
  readonly datasetRows?: number | undefined;
  readonly baseline?: string | undefined;
  readonly base?: string | undefined;
  readonly failOn?: 'any' | 'new' | undefined;
  readonly shard?: Shard | undefined;
  readonly since?: string | undefined;
}

export const DEFAULTS = {
  cases: 100,
  provider: 'auto',
  statementMs: 30_000,
  scriptMs: 120_000,
  store: '.palindrome',
  datasetRows: 500,
  baseline: 'palindrome.baseline.json',
} as const;

/** Other people's data to start from, and how it is masked. */
export interface DatasetSettings {
  /** An absolute path, or a URL, which may hold a password: never printed. */
  readonly location: string;
  /** A path as shown to people; of a URL nothing yet. */
  readonly shownAs: string;
  readonly at: string | null;
  readonly rows: number;
  readonly rules: MaskConfig['rules'];
  /** Null: drawn for the run. */
  readonly salt: string | null;
}

/** Where the known failures stand. */
export interface BaselineSettings {
  /** Absolute. */
  readonly file: string;
  readonly shownAs: string;
  /** Whether it was named: then it has to be there. */
  readonly isNamed: boolean;
}

const LEAST_SALT = 16;

/** One folder to verify. Null: to be detected, or the provider's default. */
export interface SetSettings {
  /** Absolute. */
  readonly folder: string;
  /** Relative to where the command ran, forward slashes. */
  readonly shownAs: string;
  readonly dialect: DialectName | null;
  readonly layout: LayoutName | null;
  /** The set is verified once on each; null: the provider's default version. */
  readonly postgres: readonly (string | null)[];
  readonly provider: ProviderChoice;
  readonly image: string | null;
  /** May hold a password: never printed. */
  readonly serverUrl: string | null;
  readonly allowRemote: boolean;
  readonly cases: number;
  /** Most cases that run at once. */
  readonly workers: number;
  readonly limits: { readonly statementMs: number; readonly scriptMs: number };
  readonly dataset: DatasetSettings | null;
  readonly baseline: BaselineSettings;
  /** Where the keys below come from; null: there is no configuration. */
  readonly source: LoadedConfig | null;
  readonly config: UserConfig;
}

/** What concerns the whole run. */
export interface RunSettings {
  readonly seed: number;
  readonly only: string | null;
  readonly propertyIds: readonly PropertyId[] | null;
  /** The slice that this machine judges; null: everything. */
  readonly shard: Shard | null;
  /** The git ref since which changes are judged, and what paths of the sets are relative to; null: everything. */
  readonly since: { readonly ref: string; readonly cwd: string } | null;
  readonly reports: readonly ReportTarget[];
  readonly keep: boolean;
  readonly store: StorePlace;
  /** The JSON report that this run is compared with; null: the last one in the store. */
  readonly base: { readonly file: string; readonly shownAs: string } | null;
  /** Which failures fail the build. */
  readonly failOn: 'any' | 'new';
  /** Null: decided by the terminal. */
  readonly color: boolean | null;
}

export interface Settings {
  readonly run: RunSettings;
  readonly sets: readonly SetSettings[];
}

export interface SettingsRequest {
  /** Folders as typed; empty: the configuration's. */
  readonly paths: readonly string[];
  readonly flags: Flags;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of a file: keys given in code, with paths relative to `cwd`. */
  readonly inline?: LoadedConfig | undefined;
}

/**
 * Finds and loads configurations and resolves every setting. Mistakes in configuration keys stay in `SetSettings.source.issues`,
 * so that they can be reported together with those that need the migrations to be read. Throws `PalindromeError` of kind `usage` for the rest.
 */
export async function resolveSettings(request: SettingsRequest): Promise<Settings> {
  const placed = await placeSets(request);
  const sets = placed.map(({ folder, source }) => resolveSet(folder, source, request));
  const sources = [...new Set(placed.map(({ source }) => source))].filter((source) => source !== null);
  return { run: resolveRun(sources, request), sets };
}

/** Settings that concern the whole run, from the configurations of all sets. Throws `config-conflict` where those disagree. */
export function resolveRun(sources: readonly LoadedConfig[], { flags, cwd, env }: SettingsRequest): RunSettings {
  const pick = <Key extends keyof UserConfig>(key: Key) => agreeOn(sources, key);
  const reports = pick('report');
  const targets =
    flags.report?.map((given) => parseReportTarget(given, cwd)) ??
    reports?.value.map((given) => parseReportTarget(given, path.dirname(reports.file))) ??
    [];
  return {
    seed: (flags.seed ?? pick('seed')?.value ?? randomInt(0, 2 ** 31)) | 0,
    only: flags.only ?? pick('only')?.value ?? null,
    propertyIds: flags.property ?? pick('property')?.value ?? null,
    shard: flags.shard ?? null,
    since: flags.since === undefined ? null : { ref: flags.since, cwd },
    reports: completeReportTargets(targets),
    keep: flags.keep ?? pick('keep')?.value ?? false,
    store: resolveStorePlace({
      flag: flags.store,
      env,
      configured: pick('store'),
      cwd,
      defaultFolder: DEFAULTS.store,
      show: showPathFrom,
    }),
    base:
      flags.base === undefined
        ? null
        : { file: path.resolve(cwd, flags.base), shownAs: showPathFrom(cwd, path.resolve(cwd, flags.base)) },
    failOn: flags.failOn ?? 'any',
    color: flags.color ?? pick('color')?.value ?? null,
  };
}

/** A path relative to where the command ran, with forward slashes; far outside of it, the absolute path. */
export function showPathFrom(cwd: string, target: string): string {
  const relative = path.relative(cwd, target).replaceAll(path.sep, '/');
  if (relative === '') return '.';
  return relative.startsWith('../../..') ? target : relative;
}

function resolveSet(folder: string, source: LoadedConfig | null, { flags, env, cwd }: SettingsRequest): SetSettings {
  const config = source?.config ?? {};
  const postgres = flags.postgres ?? config.postgres ?? [null];
  const image = flags.image ?? config.image ?? null;
  if (image !== null && postgres.length > 1)
    throw new PalindromeError('settings-conflict', `One image (${image}) cannot be ${postgres.length} versions.`, {
      hint: 'Give --image or several versions with --postgres, not both.',
    });
  return {
    folder,
    shownAs: showPathFrom(cwd, folder),
    dialect: flags.dialect ?? config.dialect ?? null,
    layout: flags.layout ?? config.layout ?? null,
    postgres,
    provider: flags.provider ?? config.provider ?? DEFAULTS.provider,
    image,
    serverUrl: flags.serverUrl ?? env['PALINDROME_SERVER_URL'] ?? config.serverUrl ?? null,
    allowRemote: flags.allowRemote ?? config.allowRemote ?? false,
    cases: flags.cases ?? config.cases ?? DEFAULTS.cases,
    workers: flags.workers ?? config.workers ?? defaultWorkers(),
    limits: {
      statementMs: flags.statementMs ?? config.timeouts?.statementMs ?? DEFAULTS.statementMs,
      scriptMs: flags.scriptMs ?? config.timeouts?.scriptMs ?? DEFAULTS.scriptMs,
    },
    dataset: resolveDataset(source, { flags, env, cwd }),
    baseline: resolveBaseline(source, flags, cwd),
    source,
    config,
  };
}

function resolveBaseline(source: LoadedConfig | null, flags: Flags, cwd: string): BaselineSettings {
  const base = source === null ? cwd : path.dirname(source.file);
  const file =
    flags.baseline === undefined
      ? path.resolve(base, source?.config.baseline ?? DEFAULTS.baseline)
      : path.resolve(cwd, flags.baseline);
  const isNamed = (flags.baseline ?? source?.config.baseline) !== undefined;
  return { file, shownAs: showPathFrom(cwd, file), isNamed };
}

/** The salt comes from the environment before the configuration: it is a secret, and a configuration is usually shared. */
function resolveDataset(
  source: LoadedConfig | null,
  { flags, env, cwd }: Pick<SettingsRequest, 'flags' | 'env' | 'cwd'>,
): DatasetSettings | null {
  const { anonymise } = source?.config ?? {};
  const given = flags.dataset ?? env['PALINDROME_DATASET'];
  const configured = anonymise?.dataset;
  const location = given ?? configured;
  if (location === undefined) {
    if (flags.datasetAt === undefined && flags.datasetRows === undefined) return null;
    throw new PalindromeError('settings-conflict', '--dataset-at and --dataset-rows say nothing without --dataset.', {
      hint: 'Give --dataset a dump, a database file or a URL.',
    });
  }
  const base = given === undefined && source !== null ? path.dirname(source.file) : cwd;
  const salt = env['PALINDROME_ANONYMISE_SALT'] ?? anonymise?.salt ?? null;
  if (salt !== null && salt.length < LEAST_SALT)
    throw new PalindromeError(
      'settings-conflict',
      `PALINDROME_ANONYMISE_SALT has fewer than ${LEAST_SALT} characters.`,
      {
        hint: 'Whoever guesses the salt can tell what was masked. Draw one: openssl rand -hex 32',
      },
    );
  return {
    location: isUrl(location) ? location : path.resolve(base, location),
    shownAs: isUrl(location) ? 'the dataset' : showPathFrom(cwd, path.resolve(base, location)),
    at: flags.datasetAt ?? anonymise?.at ?? null,
    rows: flags.datasetRows ?? anonymise?.rows ?? DEFAULTS.datasetRows,
    rules: anonymise?.rules,
    salt,
  };
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

interface PlacedSet {
  readonly folder: string;
  readonly source: LoadedConfig | null;
}

async function placeSets({ paths, flags, cwd, inline }: SettingsRequest): Promise<readonly PlacedSet[]> {
  const given =
    inline ?? (flags.config === undefined ? null : await loadConfig(await requireConfig(flags.config, cwd), cwd));
  if (paths.length === 0) return [placeFromConfig(given ?? (await findLoaded(cwd, cwd, new Map())))];
  const loaded = new Map<string, LoadedConfig>();
  const placed: PlacedSet[] = [];
  for (const typed of new Set(paths)) {
    const folder = path.resolve(cwd, typed);
    const source = given ?? (await findLoaded(folder, cwd, loaded));
    // A configuration that is found and speaks of another folder does not concern this one.
    placed.push({ folder, source: given === null && !concerns(source, folder) ? null : source });
  }
  return placed;
}

function placeFromConfig(source: LoadedConfig | null): PlacedSet {
  if (source === null)
    throw new PalindromeError(
      'no-migrations',
      'No folder of migrations was given, and there is no palindrome.config here.',
      {
        hint: 'Type: palindrome verify path/to/migrations',
      },
    );
  return { folder: path.resolve(path.dirname(source.file), source.config.migrations ?? '.'), source };
}

async function findLoaded(
  folder: string,
  cwd: string,
  loaded: Map<string, LoadedConfig>,
): Promise<LoadedConfig | null> {
  const file = await findConfig(folder, cwd);
  if (file === null) return null;
  const config = loaded.get(file) ?? (await loadConfig(file, cwd));
  loaded.set(file, config);
  return config;
}

function concerns(source: LoadedConfig | null, folder: string): boolean {
  const migrations = source?.config.migrations;
  if (source === null || migrations === undefined) return true;
  return path.resolve(path.dirname(source.file), migrations) === folder;
}

/** The one value that the configurations give for a key, with the file it is from. */
function agreeOn<Key extends keyof UserConfig>(
  sources: readonly LoadedConfig[],
  key: Key,
): { readonly value: NonNullable<UserConfig[Key]>; readonly file: string } | null {
  const given = sources.flatMap((source) => {
    const value = source.config[key];
    return value === undefined ? [] : [{ value, file: source.file, shownAs: source.shownAs }];
  });
  const [first] = given;
  if (first === undefined) return null;
  const other = given.find(({ value }) => JSON.stringify(value) !== JSON.stringify(first.value));
  if (other !== undefined)
    throw new PalindromeError('config-conflict', `${first.shownAs} and ${other.shownAs} disagree about "${key}".`, {
      hint: `One run has one value: give --${key}, or verify the folders one at a time.`,
    });
  return first;
}
