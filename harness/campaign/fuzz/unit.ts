/**
 * Units of a campaign: what is visited in each round, and what is known of it. A unit is a migration, a set's chain, or a set's way through a ledger.
 */
import { sha256 } from '../../core/hash.ts';
import type { Migration } from '../../core/migration.ts';
import type { Property } from '../../core/property.ts';
import type { ReportResult } from '../../core/report.ts';
import { makeMemory, recallGivenUp, tallyName } from '../memory.ts';
import type { CampaignPlan, Memory } from '../plan.ts';
import { unjudged } from '../run-set.ts';
import { isSelected } from '../selection.ts';
import { resultsOf, type Tally } from '../tally.ts';
import { makeNovelty, type Novelty } from './novelty.ts';
import type { OpenSet } from './open-set.ts';

export interface Unit {
  readonly kind: 'migration' | 'chain' | 'ledger';
  readonly open: OpenSet;
  readonly migration: Migration;
  /** Position of the migration in its set. */
  readonly index: number;
  /** The same in every run over the same set and engine. */
  readonly name: string;
  /** What it was judged by: scripts before it, and its own. */
  readonly checksum: string;
  readonly properties: readonly Property[];
  /** What is known, by name; what `memory` recalls. */
  readonly records: Map<string, object>;
  readonly memory: Memory;
  readonly novelty: Novelty;
  /** Whether it was not judged before with these scripts. */
  readonly isNew: boolean;
  visits: number;
  cases: number;
  /** Cases that its visits might have run. */
  granted: number;
  /** Facts that the last visit showed first. */
  foundLast: number;
  spentMs: number;
}

/** What was kept of a unit by an earlier process. */
export type Recall = (unit: string, checksum: string) => ((name: string, made: object) => void) | null;

/** Every unit of a set, in the order of its migrations. `judged`: checksums by unit of earlier runs. */
export function unitsOf(
  open: OpenSet,
  plan: CampaignPlan,
  judged: ReadonlyMap<string, string>,
  recall: Recall,
): readonly Unit[] {
  const { planned, states, stepwise, special, chain, ledgerFrom, cluster } = open;
  const { set } = planned;
  const isWanted = (migration: Migration | undefined): boolean =>
    migration !== undefined && isSelected(plan, open.progress.planned, migration);
  const engine = cluster.engine.dialect === 'postgres' ? ` on ${cluster.engine.major}` : '';
  const make = (kind: Unit['kind'], index: number, properties: readonly Property[]): Unit[] => {
    const migration = set.migrations[index];
    if (migration === undefined) return [];
    const name = `${set.path}${engine}/${migration.name}${kind === 'migration' ? '' : ` (${kind})`}`;
    const checksum = checksumOf(set.migrations.slice(0, index + 1), kind);
    const records = new Map<string, object>();
    const restore = recall(name, checksum) ?? undefined;
    return [
      {
        kind,
        open,
        migration,
        index,
        name,
        checksum,
        properties,
        records,
        memory: makeMemory(records, restore),
        novelty: makeNovelty(),
        isNew: judged.get(name) !== checksum,
        visits: 0,
        cases: 0,
        granted: 0,
        foundLast: 0,
        spentMs: 0,
      },
    ];
  };
  const last = set.migrations.length - 1;
  const ofMigrations = states.flatMap((_, index) =>
    isWanted(set.migrations[index]) ? make('migration', index, [...stepwise, ...special]) : [],
  );
  const ledger = stepwise.filter(({ clauses }) => clauses.some(({ id }) => id === 'ledger'));
  return [
    ...ofMigrations,
    ...(ledgerFrom.length === 0 ? [] : make('ledger', last, ledger)),
    ...(chain === undefined || open.unreachable !== null ? [] : make('chain', last, [chain])),
  ];
}

function checksumOf(migrations: readonly Migration[], kind: Unit['kind']): string {
  const scripts = migrations.map(({ up, down }, at) => {
    const needsDown = kind !== 'migration' || at === migrations.length - 1;
    return [up.sha256, up.transaction, needsDown ? (down?.sha256 ?? null) : null];
  });
  return sha256(JSON.stringify(scripts));
}

/** What is known of a unit's properties, in their order. */
export function talliesOf({ records, properties }: Unit): readonly Tally[] {
  return properties.flatMap(({ id }) => (records.get(tallyName(id)) as Tally | undefined) ?? []);
}

/** The results of a unit so far. `why` is the reason of what no case judged. */
export function resultsSoFar(unit: Unit, why: string): readonly ReportResult[] {
  const { reason } = recallGivenUp(unit.memory);
  return unit.properties.flatMap(({ id }) => {
    const tally = unit.records.get(tallyName(id)) as Tally | undefined;
    if (tally === undefined) return [unjudged(id, 'inconclusive', why)];
    return resultsOf(tally, reason ?? (tally.cases === 0 && tally.unjudged.size === 0 ? why : null));
  });
}

/** Failures of a unit that are stored. */
export function countFailures(unit: Unit): number {
  return talliesOf(unit).reduce((sum, { failures }) => sum + failures.size, 0);
}

/**
 * The order of a round: first what is new or changed, then what found something new when it was last visited, then the rest. Where time ends the
 * campaign, the cheaper ones come first within these, so that a round that is cut short has visited as many as possible. What was given up is not visited again.
 */
export function orderOf(units: readonly Unit[], isTimed: boolean): readonly Unit[] {
  const rankOf = ({ isNew, foundLast }: Unit): number => (isNew ? 0 : foundLast > 0 ? 1 : 2);
  const paceOf = ({ spentMs, cases }: Unit): number => (!isTimed || cases === 0 ? 0 : spentMs / cases);
  return units
    .filter((unit) => recallGivenUp(unit.memory).reason === null)
    .filter(({ kind, visits }) => kind !== 'ledger' || visits === 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || paceOf(a) - paceOf(b));
}

/** One of each list after the other, until all are used up. */
export function roundRobin<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
