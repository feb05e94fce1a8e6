/** A campaign's end: what its units know, as a report. */
import type { Report, ReportFuzz, ReportMigration, ReportResult } from '../../core/report.ts';
import type { StopReason } from '../exit-code.ts';
import { withLedger } from '../judge-ledger.ts';
import type { CampaignPlan } from '../plan.ts';
import { makeReport } from '../run-campaign.ts';
import { reportMigration, reportSet, unjudged, withExpiryNote } from '../run-set.ts';
import { isSelected } from '../selection.ts';
import type { Spent } from './clocked.ts';
import type { FuzzPlan } from './fuzz-plan.ts';
import type { OpenSet } from './open-set.ts';
import { resultsSoFar, type Unit } from './unit.ts';
import type { ChainRecord, LedgerRecord } from './visit.ts';

const NOT_REACHED = 'the campaign ended before it was visited';

/** What is known of a campaign when it ends. */
export interface Campaigned {
  readonly given: FuzzPlan;
  readonly plan: CampaignPlan;
  readonly startedMs: number;
  readonly open: readonly OpenSet[];
  readonly units: readonly Unit[];
  readonly spent: Spent;
  readonly canary: { readonly judged: number; readonly falsified: number };
  readonly cases: number;
  /** Sets of which this shard judges nothing. */
  readonly notMine: number;
  /** How many rounds were begun. */
  readonly begun: number;
}

/** Tells the results of each set, and makes the report. */
export function finishReport(fuzz: Campaigned, stopped: StopReason): Report {
  const { plan, given, open, startedMs } = fuzz;
  for (const set of open) reportResults(fuzz, set);
  const report = makeReport(
    plan,
    open.map(({ progress }) => progress),
    fuzz.notMine,
    stopped,
    Date.now() - startedMs,
  );
  const { generating, loading, migrating, checking } = fuzz.spent;
  const summary: ReportFuzz = {
    budget: given.budget,
    rounds: fuzz.begun,
    cases: fuzz.cases,
    resumed: given.resumed === null ? 0 : 1,
    spentMs: {
      generating: Math.round(generating),
      loading: Math.round(loading),
      migrating: Math.round(migrating),
      checking: Math.round(checking),
    },
    canary: { ...fuzz.canary },
  };
  return { ...report, fuzz: summary };
}

function resultsOfWalk(walk: Unit): readonly ReportResult[] {
  const said = (walk.records.get('chain') as ChainRecord | undefined)?.results ?? [];
  return said.some(({ verdict }) => verdict === 'inapplicable') ? said : resultsSoFar(walk, NOT_REACHED);
}

/** Brings what the units know into the set's part of the report, and tells it. */
function reportResults({ plan, units, startedMs }: Campaigned, open: OpenSet): void {
  const { progress, planned, unreachable, stepwise, special, chain } = open;
  const { set } = planned;
  const own = units.filter((unit) => unit.open === open);
  const ledger = own.find(({ kind }) => kind === 'ledger')?.records.get('ledger') as LedgerRecord | undefined;
  plan.emit({
    type: 'set-started',
    set,
    engine: open.cluster.engine,
    casesPerMigration: null,
    why: planned.providerReason,
  });
  for (const [index, migration] of set.migrations.entries()) {
    if (!isSelected(plan, progress.planned, migration)) continue;
    const isLast = index === set.migrations.length - 1;
    const ofIt = own.filter((unit) => unit.index === index);
    const unit = ofIt.find(({ kind }) => kind === 'migration');
    const walk = ofIt.find(({ kind }) => kind === 'chain');
    const asked = [...stepwise, ...special];
    const results =
      unit === undefined
        ? asked.map(({ id }) =>
            unjudged(id, unreachable?.verdict ?? 'inconclusive', unreachable?.reason ?? NOT_REACHED),
          )
        : resultsSoFar(unit, NOT_REACHED);
    const ofChain =
      walk === undefined
        ? isLast && chain !== undefined && unreachable !== null
          ? [unjudged(chain.id, unreachable.verdict, unreachable.reason)]
          : []
        : resultsOfWalk(walk);
    const all = [...withLedger(results, isLast ? (ledger?.result ?? null) : null), ...ofChain].map((result) =>
      withExpiryNote({ progress, runStartedMs: startedMs }, migration, result),
    );
    const spentMs = ofIt.reduce((sum, each) => sum + each.spentMs, 0);
    const reported: ReportMigration = reportMigration(migration, index, all, Math.round(spentMs));
    progress.migrations.push(reported);
    for (const result of all) plan.emit({ type: 'result', set: set.name, migration: migration.name, result });
    plan.emit({ type: 'migration-finished', set: set.name, migration: reported });
  }
  progress.notes.push(...open.cluster.notes().filter((note) => !progress.notes.includes(note)));
  plan.emit({ type: 'set-finished', set: reportSet(progress) });
}
