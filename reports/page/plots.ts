/** Durations, cases and trends as SVG of our own: no script draws them. */
import type { PastRun } from '../../harness/core/past-run.ts';
import type { Report } from '../../harness/core/report.ts';
import { groupDigits, showDuration } from '../fit.ts';
import { OUTCOMES } from '../migration-lines.ts';
import { allResults, tallyOutcomes } from '../outcome-words.ts';
import { markup, when, type Markup } from './markup.ts';

const WIDTH = 800;
const HEIGHT = 120;
const MOST_LISTED = 5;
const WIDEST_BAR = 40;

/** Time of each migration in the order of the sets, and the longest by name. */
export function durations(report: Report): Markup {
  const migrations = report.sets.flatMap((set) => set.migrations);
  const longest = Math.max(1, ...migrations.map(({ durationMs }) => durationMs));
  const step = WIDTH / Math.max(1, migrations.length);
  const width = round(Math.min(WIDEST_BAR, Math.max(0.5, step * 0.85)));
  const bars = migrations
    .map(({ durationMs }, at) => {
      const height = (durationMs / longest) * HEIGHT;
      return `M${round(at * step)} ${HEIGHT}h${width}v-${round(height)}h-${width}z`;
    })
    .join('');
  const listed = migrations.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, MOST_LISTED);
  return markup`<figure>
    <figcaption>Time of each migration, in order; the longest took ${showDuration(longest)}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="time of each migration">
      <path class="bars" d="${bars}" />
    </svg>
    <ol class="longest">
      ${listed.map(({ name, durationMs }) => markup`<li><span>${name}</span> <b>${showDuration(durationMs)}</b></li>`)}
    </ol>
  </figure>`;
}

/** How each property fared, and on how many cases. */
export function cases(report: Report, properties: readonly string[]): Markup {
  const rows = properties.map((property) => {
    const results = allResults(report).filter((result) => result.property === property);
    const migrations = report.sets.flatMap((set) => set.migrations);
    const judged = migrations.reduce(
      (sum, migration) =>
        sum +
        Math.max(
          0,
          ...migration.results.filter((result) => result.property === property).map((result) => result.cases),
        ),
      0,
    );
    return { property, judged, tally: tallyOutcomes(results), total: results.length };
  });
  return markup`<figure>
    <figcaption>Results and cases of each property</figcaption>
    <div class="scroll" tabindex="0" role="region" aria-label="results and cases">
      <table class="cases">
        <thead>
          <tr>
            <th scope="col">property</th>
            <th scope="col">results</th>
            ${OUTCOMES.filter((outcome) => rows.some(({ tally }) => tally.some((entry) => entry.outcome === outcome))).map((outcome) => markup`<th scope="col" class="num">${outcome}</th>`)}
            <th scope="col" class="num">cases</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ property, judged, tally, total }) =>
              markup`<tr>
                <th scope="row">${property}</th>
                <td>${stack(tally, total)}</td>
                ${OUTCOMES.filter((outcome) => rows.some((row) => row.tally.some((entry) => entry.outcome === outcome))).map((outcome) => markup`<td class="num">${groupDigits(tally.find((entry) => entry.outcome === outcome)?.n ?? 0)}</td>`)}
                <td class="num">${groupDigits(judged)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </figure>`;
}

function stack(tally: ReturnType<typeof tallyOutcomes>, total: number): Markup {
  let at = 0;
  return markup`<svg class="stack" viewBox="0 0 160 10" preserveAspectRatio="none" aria-hidden="true">
    ${tally.map(({ outcome, n }) => {
      const width = (n / Math.max(1, total)) * 160;
      const bar = markup`<rect class="${outcome}" x="${round(at)}" y="0" width="${round(width)}" height="10" />`;
      at += width;
      return bar;
    })}
  </svg>`;
}

/** Failures, open questions and time of the last runs; nothing where the store remembers none. */
export function trends(past: readonly PastRun[], report: Report): Markup {
  if (past.length === 0) return markup``;
  const points = [...past, currentRun(report)];
  const line = (
    name: string,
    valueOf: (run: (typeof points)[number]) => number,
    show: (value: number) => string,
  ): Markup => {
    const values = points.map(valueOf);
    const highest = Math.max(1, ...values);
    const path = values
      .map(
        (value, at) =>
          `${at === 0 ? 'M' : 'L'}${round((at / (points.length - 1)) * WIDTH)} ${round(58 - (value / highest) * 54)}`,
      )
      .join('');
    return markup`<div class="trend">
      <b>${name}</b> <span>${show(values.at(-2) ?? 0)} → ${show(values.at(-1) ?? 0)}</span
      ><svg
        viewBox="0 0 ${WIDTH} 60"
        preserveAspectRatio="none"
        role="img"
        aria-label="${name} of the last ${points.length} runs: ${values.map(show).join(', ')}"
      >
        <path class="line ${name}" d="${path}" />
      </svg>
    </div>`;
  };
  return markup`<section id="trends">
    <h2>The last ${points.length} runs</h2>
    ${line('falsified', ({ verdicts }) => verdicts.falsified, groupDigits)}${line('inconclusive', ({ verdicts }) => verdicts.inconclusive, groupDigits)}${line('held', ({ verdicts }) => verdicts.held, groupDigits)}${line('time', ({ durationMs }) => durationMs, showDuration)}
    ${when(past[0] !== undefined, () => markup`<p class="dim">The first of them started ${past[0]?.at ?? ''}; the last is this one.</p>`)}
  </section>`;
}

function currentRun(report: Report): Pick<PastRun, 'verdicts' | 'durationMs'> {
  const of = (verdict: string): number => allResults(report).filter((result) => result.verdict === verdict).length;
  return {
    verdicts: {
      held: of('held'),
      falsified: of('falsified'),
      inconclusive: of('inconclusive'),
      inapplicable: of('inapplicable'),
    },
    durationMs: report.run.durationMs,
  };
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
