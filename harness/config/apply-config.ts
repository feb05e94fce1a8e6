/** Joins what a configuration says about migrations with the migrations that were read. */
import type { Conservation, DeclaredQuery, Invariant, Preparation } from '../campaign/plan.ts';
import { mergeDeclarations } from '../core/declarations.ts';
import type { Declarations } from '../core/declarations.ts';
import { matchesGlob } from '../core/glob.ts';
import type { Migration, MigrationSet } from '../core/migration.ts';
import type { Pager } from '../core/pager.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { completePager } from './complete-pager.ts';
import type { DeclareConfig, UserConfig } from './define-config.ts';
import { suggestion } from './nearest.ts';
import { showPath } from './validate.ts';
import type { ConfigIssue } from './validate.ts';

/** A set with the configuration's declarations merged over its own, and what else is asked of it. */
export interface ConfiguredSet {
  readonly set: MigrationSet;
  readonly invariants: readonly Invariant[];
  readonly conservations: readonly Conservation[];
  readonly preparations: readonly Preparation[];
  readonly queries: readonly DeclaredQuery[];
  readonly pagers: readonly Pager[];
}

/** Every name in the configuration that matches no migration of any of the sets that it concerns. */
export function findUnknownMigrations(config: UserConfig, sets: readonly MigrationSet[]): readonly ConfigIssue[] {
  const migrations = sets.flatMap((set) => set.migrations);
  const known = migrations.flatMap(({ id, name }) => [name, id]);
  const complain = (path: readonly (string | number)[], typed: string): ConfigIssue[] =>
    known.includes(typed)
      ? []
      : [{ path: showPath(path), message: `no migration is called "${typed}"${suggestion(typed, known)}` }];
  const ranges = (key: 'invariants' | 'conserve' | 'prepare' | 'queries' | 'pagers') =>
    (config[key] ?? []).flatMap(({ from, until }, index) => [
      ...(from === undefined ? [] : complain([key, index, 'from'], from)),
      ...(until === undefined ? [] : complain([key, index, 'until'], until)),
      ...complainAboutOrder([key, index], { from, until }, sets),
    ]);
  return [
    ...Object.keys(config.declare ?? {}).flatMap((name) => complain(['declare', name], name)),
    ...ranges('invariants'),
    ...ranges('conserve'),
    ...ranges('prepare'),
    ...ranges('queries'),
    ...ranges('pagers'),
    ...(config.waivers ?? []).flatMap(({ migration }, index) => complain(['waivers', index, 'migration'], migration)),
    ...complainAboutCosts(config, sets),
    ...(config.ignore ?? []).flatMap((entry, index) => {
      const glob = entry.migrations;
      if (glob === undefined || migrations.some((migration) => isNamedBy(glob, migration))) return [];
      return [{ path: showPath(['ignore', index, 'migrations']), message: `"${glob}" matches no migration` }];
    }),
  ];
}

/** Merges a configuration without issues into a set. `shownAs` is the configuration as people see it, `folder` where its paths start. */
export function applyConfig(
  set: MigrationSet,
  config: UserConfig,
  shownAs = 'the configuration',
  folder = '.',
): ConfiguredSet {
  const migrations = set.migrations.map((migration) => ({
    ...migration,
    declarations: mergeDeclarations(declarationsOf(migration, config), {
      waivers: waiversOf(migration, config, shownAs),
    }),
  }));
  const ranges = <Entry extends Range>(entries: readonly Entry[] | undefined) =>
    (entries ?? []).flatMap((entry) => {
      const range = resolveRange(entry, set);
      return range === null ? [] : [{ ...entry, ...range }];
    });
  return {
    set: { ...set, migrations },
    invariants: ranges(config.invariants).map(({ id, from, until, sql, check }) => ({
      id,
      from,
      until,
      ask: check ?? sql,
    })),
    conservations: ranges(config.conserve).map(({ id, from, until, sql, after }) => ({
      id,
      from,
      until,
      sql,
      after: after ?? sql,
    })),
    preparations: ranges(config.prepare).map(({ from, until, sql }) => ({ from, until, sql })),
    queries: ranges(config.queries).map(({ id, from, until, sql, params, index, maxCostRatio }) => ({
      id,
      from,
      until,
      sql,
      params: params ?? [],
      indexes: typeof index === 'string' ? [index] : index,
      maxCostRatio: maxCostRatio ?? null,
    })),
    pagers: ranges(config.pagers).map((given) => completePager(given, { dialect: set.dialect, folder })),
  };
}

interface Range {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

function declarationsOf(migration: Migration, config: UserConfig): Declarations {
  let declarations = migration.declarations;
  for (const [name, declared] of Object.entries(config.declare ?? {}))
    if (name === migration.name || name === migration.id)
      declarations = mergeDeclarations(declarations, complete(declared));
  const ignored = (config.ignore ?? [])
    .filter(({ migrations }) => migrations === undefined || isNamedBy(migrations, migration))
    .flatMap(({ property, reason }) =>
      (property === undefined ? PROPERTY_IDS : [property]).map((id) => ({ property: id, reason })),
    );
  return mergeDeclarations({ ...declarations, ignore: declarations.ignore.flatMap(expandEvery) }, { ignore: ignored });
}

function waiversOf({ id, name }: Migration, { waivers }: UserConfig, shownAs: string): Declarations['waivers'] {
  return (waivers ?? []).flatMap(({ migration, clause, object, owner, ...same }, index) =>
    migration === name || migration === id
      ? [
          {
            ...same,
            clause: clause ?? null,
            object: object ?? null,
            owner: owner ?? null,
            from: `${shownAs}: waivers[${index}]`,
          },
        ]
      : [],
  );
}

/** A directive may ignore `*`; below here every entry names one property. */
function expandEvery(entry: Declarations['ignore'][number]): Declarations['ignore'] {
  return entry.property === '*' ? PROPERTY_IDS.map((property) => ({ ...entry, property })) : [entry];
}

function complete(declared: DeclareConfig): Partial<Declarations> {
  return {
    lossy: (declared.lossy ?? []).map((loss) => ({ ...loss, where: loss.where ?? 'true' })),
    irreversible: declared.irreversible ?? null,
    preconditions: declared.preconditions ?? [],
    maps: declared.maps ?? [],
    rowChanges: declared.rowChanges ?? [],
    claims: declared.claims ?? [],
    rerun: declared.rerun ?? null,
    ignore: declared.ignore ?? [],
  };
}

/** Null where the range names a migration of another set that shares the configuration. */
function resolveRange({ from, until }: Range, set: MigrationSet): { from: string | null; until: string | null } | null {
  const first = from === undefined ? null : idOf(from, set);
  const last = until === undefined ? null : idOf(until, set);
  return first === undefined || last === undefined ? null : { from: first, until: last };
}

function complainAboutOrder(
  path: readonly (string | number)[],
  { from, until }: Range,
  sets: readonly MigrationSet[],
): ConfigIssue[] {
  if (from === undefined || until === undefined) return [];
  const isReversed = sets.some((set) => {
    const ids = set.migrations.map(({ id }) => id);
    const first = ids.indexOf(idOf(from, set) ?? '');
    const last = ids.indexOf(idOf(until, set) ?? '');
    return first !== -1 && last !== -1 && last < first;
  });
  return isReversed ? [{ path: showPath(path), message: `"until" (${until}) comes before "from" (${from})` }] : [];
}

/** SQLite says how it would search, and nothing of what that costs. */
function complainAboutCosts(config: UserConfig, sets: readonly MigrationSet[]): readonly ConfigIssue[] {
  if (!sets.some(({ dialect }) => dialect === 'sqlite')) return [];
  return (config.queries ?? []).flatMap(({ maxCostRatio }, index) =>
    maxCostRatio === undefined
      ? []
      : [{ path: showPath(['queries', index, 'maxCostRatio']), message: 'SQLite estimates no costs; leave it out' }],
  );
}

function idOf(name: string, set: MigrationSet): string | undefined {
  return set.migrations.find((migration) => migration.id === name || migration.name === name)?.id;
}

function isNamedBy(glob: string, { id, name }: Migration): boolean {
  return matchesGlob(glob, name) || glob === id;
}
