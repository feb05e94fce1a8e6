/** Telling failures that a waiver or the baseline covers from new ones, and saying afterwards what became of each. */
import { type Acceptance, covers, dayOf, isExpired, type WaiverDeclaration } from '../core/acceptance.ts';
import type { Migration } from '../core/migration.ts';
import type { Finding, PropertyId } from '../core/property.ts';
import type { ReportBaseline, ReportMigration, ReportResult, ReportWaiver } from '../core/report.ts';
import type { PlannedSet } from './plan.ts';

/** What accepts a finding; null: nothing does, and it fails the build. */
export type Accept = (finding: Pick<Finding, 'clause' | 'object'>) => Acceptance | null;

/** For a property of one migration. A waiver of the walk of the whole chain may stand at any of its migrations. */
export function makeAccept(
  planned: PlannedSet,
  migration: Migration,
  property: PropertyId,
  runStartedMs: number,
): Accept {
  const today = dayOf(runStartedMs);
  const waivers = waiversFor(planned, migration, property).filter((waiver) => !isExpired(waiver, today));
  const { baseline } = planned;
  return ({ clause, object }) => {
    const waiver = waivers.find((each) => covers(each, { property, clause, object }));
    if (waiver !== undefined) {
      const { reason, expires, owner, from } = waiver;
      return { by: 'waiver', reason, expires, owner, from };
    }
    const known = baseline?.failures.find(
      (each) =>
        each.migration === migration.name &&
        each.property === property &&
        each.clause === clause &&
        each.object === object,
    );
    return known === undefined || baseline === null
      ? null
      : { by: 'baseline', recorded: known.recorded, file: baseline.file };
  };
}

function waiversFor(planned: PlannedSet, migration: Migration, property: string): readonly WaiverDeclaration[] {
  const where = property === 'chain-unwinds' ? planned.set.migrations : [migration];
  return where.flatMap(({ declarations }) => declarations.waivers).filter((waiver) => waiver.property === property);
}

/** A sentence for a failure that a waiver covered until it ended; null: none did. */
export function expiryNote(
  planned: PlannedSet,
  migration: Migration,
  { property, clause, objects }: Pick<ReportResult, 'property' | 'clause' | 'objects'>,
  runStartedMs: number,
): string | null {
  const today = dayOf(runStartedMs);
  const ended = waiversFor(planned, migration, property).find(
    (waiver) =>
      isExpired(waiver, today) && objects.some((object) => covers(waiver, { property, clause: clause ?? '', object })),
  );
  if (ended === undefined) return null;
  const who = ended.owner === null ? 'whoever answers for that file' : ended.owner;
  return `its waiver (${ended.reason}) expired on ${ended.expires}; ${who} can renew it in ${ended.from}`;
}

/** What became of each waiver of a set. */
export function summariseWaivers(
  planned: PlannedSet,
  judged: readonly ReportMigration[],
  runStartedMs: number,
): readonly ReportWaiver[] {
  const today = dayOf(runStartedMs);
  return planned.set.migrations.flatMap(({ name, declarations }) =>
    declarations.waivers.map((waiver) => {
      const results = judged
        .filter((each) => waiver.property === 'chain-unwinds' || each.name === name)
        .flatMap((each) => each.results)
        .filter(({ property }) => property === waiver.property);
      const { property, clause, object, reason, expires, owner, from } = waiver;
      const status = statusOf(waiver, results, isExpired(waiver, today));
      return { migration: name, property, clause, object, reason, expires, owner, from, status };
    }),
  );
}

function statusOf(
  waiver: WaiverDeclaration,
  results: readonly ReportResult[],
  hasExpired: boolean,
): ReportWaiver['status'] {
  const isNeeded = results.some(
    ({ property, verdict, clause, objects, accepted }) =>
      verdict === 'falsified' &&
      (hasExpired || (accepted?.by === 'waiver' && accepted.from === waiver.from)) &&
      objects.some((object) => covers(waiver, { property, clause: clause ?? '', object })),
  );
  if (isNeeded) return hasExpired ? 'expired' : 'used';
  const wasDecided = results.length > 0 && results.every(({ verdict }) => verdict !== 'inconclusive');
  return wasDecided ? 'stale' : 'open';
}

/** What became of the failures that the baseline knows; null: there is no baseline. */
export function summariseBaseline(
  { baseline, set }: PlannedSet,
  judged: readonly ReportMigration[],
): ReportBaseline | null {
  if (baseline === null) return null;
  const fixed: ReportBaseline['fixed'][number][] = [];
  let known = 0;
  let open = 0;
  for (const failure of baseline.failures) {
    const { migration, property, clause, object } = failure;
    const results = judged
      .filter(({ name }) => name === migration)
      .flatMap((each) => each.results)
      .filter((result) => result.property === property);
    const isStill = results.some(
      (result) => result.verdict === 'falsified' && result.clause === clause && result.objects.includes(object),
    );
    const isGone = !set.migrations.some(({ name }) => name === migration);
    const wasDecided =
      results.length > 0 && results.every(({ verdict }) => verdict === 'held' || verdict === 'falsified');
    if (isStill) known++;
    else if (isGone || wasDecided) fixed.push({ migration, property, clause, object });
    else open++;
  }
  return { file: baseline.file, known, fixed, open };
}
