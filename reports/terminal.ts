/**
 * The report for people. Purpose of the folder: one file per format; each consumes campaign events and the final report and knows nothing
 * of how they came about. It may import core alone. Its one invariant: whatever is printed here is in the JSON report too.
 *
 * Results go to `out`; progress and notes go to `err`, so that piping keeps results alone.
 */
import type { CampaignEvent, Reporter } from '../harness/core/events.ts';
import type { Report, ReportMigration, ReportSet } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { describeBaselines, describeWaivers } from './accepted-section.ts';
import { describeComparison } from './comparison-section.ts';
import { describeFailure } from './counterexample-section.ts';
import { describeFuzz } from './fuzz-section.ts';
import { groupFailures } from './group-failures.ts';
import { describeDatasets } from './dataset-section.ts';
import { groupDigits, hang, widthOf } from './fit.ts';
import { describeMigration } from './migration-lines.ts';
import { makeProgress } from './progress.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import {
  describeGeneration,
  describeInapplicable,
  describeLimits,
  describeProperties,
  describeTotals,
} from './summary.ts';

export interface TerminalOptions {
  readonly style: Style;
  /** Whether `err` is a terminal on which a line can be redrawn. */
  readonly isLive: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

/** Stands for the whole set in the list of migrations. */
const CHAIN = 'all, one after another';

/** Prints each migration as it finishes, and the failures and sums at the end. */
export function createTerminalReporter(options: TerminalOptions): Reporter {
  const { style, out, err } = options;
  const progress = makeProgress({ style, isLive: options.isLive, write: err, now: options.now });
  let nameWidth = 0;
  let isFirstSet = true;
  let above: ReportMigration | null = null;
  const printed = new Map<string, number>();
  const print = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    progress.clear();
    out(`${lines.join('\n')}\n`);
  };
  return {
    onEvent(event) {
      progress.onEvent(event);
      switch (event.type) {
        case 'set-started':
          nameWidth = Math.max(widthOf(CHAIN), ...event.set.migrations.map(({ name }) => widthOf(sanitize(name))));
          print([...(isFirstSet ? [] : ['']), ...describeSetStart(event, style), '']);
          isFirstSet = false;
          printed.clear();
          above = null;
          break;
        case 'migration-finished':
          printed.set(event.migration.name, event.migration.results.length);
          print(describeMigration(event.migration, nameWidth, style, above));
          above = event.migration;
          break;
        case 'set-finished':
          print(describeChain(event.set, printed, nameWidth, style));
          print(describeSetNotes(event.set, style));
          break;
        case 'note':
          progress.clear();
          err(`${hang('note: ', sanitize(event.message), style.width).join('\n')}\n`);
          break;
        case 'round-finished':
          progress.clear();
          err(`${hang('', describeRound(event), style.width).join('\n')}\n`);
          break;
        case 'run-finished':
          print(describeEnd(event.report, style));
          break;
        case 'run-started':
        case 'migration-started':
        case 'progress':
        case 'failure-found':
        case 'result':
          break;
      }
    },
    async close() {
      progress.clear();
    },
  };
}

function describeSetStart(
  { set, engine, casesPerMigration, why }: Extract<CampaignEvent, { type: 'set-started' }>,
  { paint, glyphs, width }: Style,
): readonly string[] {
  const engineName = engine.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite';
  const facts = [
    `${set.layout} layout`,
    `${engineName} ${engine.version}`,
    count(set.migrations.length, 'migration'),
    ...(casesPerMigration === null
      ? []
      : [`${groupDigits(casesPerMigration)} ${casesPerMigration === 1 ? 'case' : 'cases'} each`]),
  ].join(` ${glyphs.dot} `);
  return [
    ...(widthOf(set.path) + 2 + widthOf(facts) <= width
      ? [`${paint.bold(sanitize(set.path))}  ${paint.dim(facts)}`]
      : [paint.bold(sanitize(set.path)), ...hang('', facts, width).map((line) => paint.dim(line))]),
    ...hang('', sanitize(why), width).map((line) => paint.dim(line)),
  ];
}

function describeRound({
  round,
  swarm,
  visits,
  cases,
  discoveries,
  failures,
}: Extract<CampaignEvent, { type: 'round-finished' }>): string {
  const kind = swarm.length === 0 ? 'every kind of data' : swarm.map((trait) => trait.replaceAll('-', ' ')).join(', ');
  const seen = discoveries === 0 ? 'nothing new seen' : count(discoveries, 'new observation');
  return `round ${round} (${kind}): ${count(cases, 'case')} in ${count(visits, 'visit')}, ${seen}, ${count(failures, 'failure')} so far`;
}

/** Results that came after their migration was finished: those of walking the whole set, which the report lists with its last migration. */
function describeChain(
  set: ReportSet,
  printed: ReadonlyMap<string, number>,
  nameWidth: number,
  style: Style,
): readonly string[] {
  return set.migrations.flatMap((migration) => {
    const results = migration.results.slice(printed.get(migration.name) ?? 0);
    if (results.length === 0) return [];
    return describeMigration({ ...migration, name: CHAIN, results, durationMs: 0 }, nameWidth, style);
  });
}

function describeSetNotes({ notes }: ReportSet, { paint, glyphs, width }: Style): readonly string[] {
  if (notes.length === 0) return [];
  return ['', ...notes.flatMap((note) => hang(`  ${glyphs.dot} `, sanitize(note), width))].map((line) =>
    paint.dim(line),
  );
}

function describeEnd(report: Report, style: Style): readonly string[] {
  const failures = report.sets.flatMap((set) =>
    set.migrations.flatMap((migration) =>
      migration.results
        .filter(({ verdict, accepted }) => verdict === 'falsified' && accepted === null)
        .map((result) => ({ set, migration, result })),
    ),
  );
  const told = groupFailures(failures);
  const blocks = [
    ...told.map(({ failure, alsoSeenBy }, index) =>
      describeFailure(failure, index + 1, told.length, style, alsoSeenBy),
    ),
    describeWaivers(report.sets, style),
    describeBaselines(report.sets, style),
    describeInapplicable(report, style),
    describeDatasets(report.sets, style),
    describeGeneration(report.sets, style),
    describeLimits(report, style),
    describeFuzz(report, style),
    describeComparison(report, style),
    describeProperties(report, style),
    describeTotals(report, style),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block) => ['', ...block]);
}
