/** The report for people who read it in a pull request, a wiki or a chat: GitHub's Markdown. */
import type { Report, ReportMigration, ReportSet } from '../harness/core/report.ts';
import { compareText, count } from '../harness/core/text.ts';
import { describeBaselines, describeWaivers } from './accepted-section.ts';
import type { FailureInReport } from './counterexample-section.ts';
import { failuresOf, placeOfFailure } from './failures.ts';
import { groupDigits, showDuration } from './fit.ts';
import { groupFailures } from './group-failures.ts';
import { codeBlock, codeText, proseText, table } from './markdown-text.ts';
import { worstOutcome, type Outcome } from './migration-lines.ts';
import { allResults, meaningOfExit, tallyOutcomes } from './outcome-words.ts';
import { plainStory } from './plain-story.ts';
import { makeStyle } from './style.ts';

/** A comment on a pull request may have 65,536 characters. */
const LONGEST_COMMENT = 60_000;
const MOST_MIGRATIONS = 60;

const SIGNS: Readonly<Record<Outcome, string>> = {
  held: '✅',
  falsified: '❌',
  waived: '🟡',
  known: '🟡',
  inconclusive: '❓',
  inapplicable: '➖',
};

/** The report as Markdown of at most about `longest` characters; what does not fit is counted. */
export function renderMarkdown(report: Report, { longest = LONGEST_COMMENT }: { longest?: number } = {}): string {
  const open = groupFailures(failuresOf(report).filter(({ result }) => result.accepted === null));
  const stories = open.map(({ failure, alsoSeenBy }) =>
    tellFailure(
      failure,
      alsoSeenBy.map(({ property }) => property),
    ),
  );
  const frame = [headline(report), ...report.sets.flatMap(tellSet), ...unclearLines(report), ...acceptedLines(report)];
  const end = [...limitLines(report), footer(report)];
  const room = longest - textOf([...frame, ...end]).length;
  const fitting = fit(stories, room);
  const hidden = stories.length - fitting.length;
  return textOf([
    ...frame,
    ...(fitting.length === 0 ? [] : ['### Failures']),
    ...fitting,
    ...(hidden === 0 ? [] : [`…and ${count(hidden, 'more failure')}, in full in the JSON and the HTML report.`]),
    ...end,
  ]);
}

function headline(report: Report): string {
  const results = allResults(report);
  const migrations = report.sets.reduce((sum, set) => sum + set.migrations.length, 0);
  const tally = tallyOutcomes(results).map(({ outcome, n }) => `${SIGNS[outcome]} ${groupDigits(n)} ${outcome}`);
  return [
    `## Palindrome: ${proseText(
      meaningOfExit(
        report.run.exitCode,
        report.run.stoppedBecause,
        results.some(({ accepted }) => accepted !== null),
      ),
    )}`,
    '',
    `${tally.join(' · ') || 'nothing was judged'} in ${count(migrations, 'migration')}`,
  ].join('\n');
}

/** A matrix of the migrations and the properties; of a long set only what did not hold. */
function tellSet(set: ReportSet): readonly string[] {
  const judged = set.migrations.filter(({ results }) => results.length > 0);
  const shown = (judged.length > MOST_MIGRATIONS ? judged.filter(isOdd) : judged).slice(0, MOST_MIGRATIONS);
  const properties = [...new Set(judged.flatMap(({ results }) => results.map(({ property }) => property)))];
  const engine = set.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite';
  const title = `### ${codeText(set.path)} on ${engine} ${proseText(set.engineVersion)}`;
  if (shown.length === 0)
    return [title, `${count(judged.length, 'migration')}: nothing but what held or is inapplicable.`];
  const rows = shown.map(({ name, results }) => [
    codeText(name),
    ...properties.map((property) => {
      const own = results.filter((result) => result.property === property);
      return own.length === 0 ? '' : SIGNS[worstOutcome(own)];
    }),
  ]);
  const left = judged.length - shown.length;
  return [
    title,
    table(['migration', ...properties.map((property) => proseText(property))], rows).join('\n'),
    ...(left === 0 ? [] : [`${count(left, 'more migration')}, all in the JSON report.`]),
  ];
}

function isOdd({ results }: ReportMigration): boolean {
  return !['held', 'inapplicable'].includes(worstOutcome(results));
}

function tellFailure(failure: FailureInReport, alsoSeenBy: readonly string[]): string {
  const { migration, result } = failure;
  const { file, startLine } = placeOfFailure(failure);
  const example = result.counterexample;
  return [
    `<details><summary>${SIGNS.falsified} <b>${codeText(migration.name)} ${proseText(`${result.property}/${result.clause ?? ''}`)}</b>: ${proseText(result.reason)}</summary>`,
    `${codeText(`${file}:${startLine}`)}${alsoSeenBy.length === 0 ? '' : ` · also seen by ${alsoSeenBy.map((property) => proseText(property)).join(', ')}`}`,
    codeBlock([plainStory(failure)]).join('\n'),
    ...(example === null ? [] : ['See it again:', codeBlock([example.replay], 'sh').join('\n')]),
    '</details>',
  ].join('\n\n');
}

function unclearLines(report: Report): readonly string[] {
  const reasons = new Map<string, Set<string>>();
  for (const set of report.sets)
    for (const { name, results } of set.migrations)
      for (const { verdict, property, reason } of results) {
        if (verdict !== 'inconclusive') continue;
        const seen = reasons.get(reason) ?? new Set();
        reasons.set(reason, seen.add(`${codeText(name)} ${proseText(property)}`));
      }
  const lines = [...reasons]
    .toSorted(([a], [b]) => compareText(a, b))
    .slice(0, 20)
    .map(([reason, seen]) => {
      const [first = ''] = seen;
      return `- ${first}${seen.size === 1 ? '' : ` and ${seen.size - 1} more`}: ${proseText(reason)}`;
    });
  return lines.length === 0 ? [] : ['### Inconclusive', lines.join('\n')];
}

function acceptedLines({ sets }: Report): readonly string[] {
  const style = makeStyle({ width: 160, color: false, unicode: true });
  const lines = [describeWaivers(sets, style), describeBaselines(sets, style)].filter((block) => block.length > 0);
  return lines.length === 0 ? [] : ['### Accepted failures', ...lines.map((block) => codeBlock(block).join('\n'))];
}

function limitLines({ limits }: Report): readonly string[] {
  return limits.length === 0 ? [] : ['### Not checked', limits.map((limit) => `- ${proseText(limit)}`).join('\n')];
}

function footer({ run, tool }: Report): string {
  const cells = [
    `seed ${run.seed}`,
    showDuration(run.durationMs),
    `exit code ${run.exitCode}`,
    `palindrome ${tool.version}`,
  ];
  return `<sub>${cells.map((cell) => proseText(cell)).join(' · ')}</sub>`;
}

function fit(stories: readonly string[], room: number): readonly string[] {
  let used = 0;
  const end = stories.findIndex((story) => (used += story.length + 2) > room);
  return end === -1 ? stories : stories.slice(0, end);
}

function textOf(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}
