/**
 * The report as a page: one file that works from a disk, without a network, by keyboard, in light and dark, on a phone, and with a
 * thousand migrations. It is rendered here; the page's script only moves, filters and copies. Without scripts it can still be read.
 */
import type { PastRun } from '../../harness/core/past-run.ts';
import type { Report } from '../../harness/core/report.ts';
import { count } from '../../harness/core/text.ts';
import { describeBaselines, describeWaivers } from '../accepted-section.ts';
import { groupDigits, showDuration } from '../fit.ts';
import { outcomeOf } from '../migration-lines.ts';
import { allResults, meaningOfExit, tallyOutcomes } from '../outcome-words.ts';
import { makeStyle } from '../style.ts';
import { cspHash, readAsset } from './assets.ts';
import { failureView } from './failure-view.ts';
import { dataScript, markup, Markup, when } from './markup.ts';
import { askedProperties, matrices, matrixData } from './matrix.ts';
import { cases, durations, trends } from './plots.ts';
import { SIGNS, viewNumbers, viewsOf, type FailureView } from './views.ts';

const MOST_LISTED = 12;

/** The page. `past`: earlier runs, oldest first. The same report and the same runs give the same text. */
export function renderPage(report: Report, past: readonly PastRun[] = []): string {
  const properties = askedProperties(report);
  const views = viewsOf(report);
  const numbers = viewNumbers(views);
  const style = `${readAsset('page.css')}\n.matrix{--columns:${properties.length}}\n`;
  const script = readAsset('page.js');
  const policy = `default-src 'none'; style-src ${cspHash(style)}; script-src ${cspHash(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const title = `${verdictOf(report)} · Palindrome`;
  return markup`<!doctype html>
<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        ${header(report)}
        <main>
          <div class="view" id="overview">
            ${failureList(views)}
            <section aria-labelledby="matrix-title">
              <h2 id="matrix-title">Migrations and properties</h2>
              ${filters(report)} ${matrices(report, properties, numbers)}
              <p id="empty" hidden>Nothing matches the filter.</p>
            </section>
            <section class="plots" aria-labelledby="plots-title">
              <h2 id="plots-title">Time and cases</h2>
              ${cases(report, properties)}${durations(report)}
            </section>
            ${trends(past, report)} ${remarks(report)}
          </div>
          ${views.map((view) => failureView(view, views.length))}
          <section class="view migration" id="migration" aria-labelledby="migration-title" hidden></section>
        </main>
        <p id="detail" role="status" hidden></p>
        <footer>
          <p>${keysHelp()}</p>
          <p class="dim">palindrome ${report.tool.version} · ${report.run.verb} · seed ${report.run.seed}</p>
        </footer>
        ${dataScript('data', matrixData(report, properties, numbers))}
        ${new Markup(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

function verdictOf(report: Report): string {
  const hasAccepted = allResults(report).some(({ accepted }) => accepted !== null);
  return meaningOfExit(report.run.exitCode, report.run.stoppedBecause, hasAccepted);
}

function header(report: Report): Markup {
  const { seed, durationMs, exitCode, stoppedBecause, verb } = report.run;
  const migrations = report.sets.reduce((sum, set) => sum + set.migrations.length, 0);
  const judged = Math.max(0, ...allResults(report).map((result) => result.cases));
  return markup`<header>
    <div class="top">
      <a class="mark" href="#overview">Palindrome</a><span class="dim">${verb}</span
      ><button type="button" id="theme" hidden>theme: system</button>
    </div>
    <h1 class="exit${exitCode}">${capital(verdictOf(report))}</h1>
    <p class="tally">
      ${tallyOutcomes(allResults(report)).map(({ outcome, n }) => markup`<span class="${outcome}">${SIGNS[outcome]} ${groupDigits(n)} ${outcome}</span> `)}
    </p>
    <p class="dim">
      ${count(migrations, 'migration')} · up to ${count(judged, 'case')} each · ${showDuration(durationMs)} · seed
      ${seed} · exit code ${exitCode}${stoppedBecause === 'finished' ? '' : ` · stopped: ${stoppedBecause}`}
    </p>
  </header>`;
}

function failureList(views: readonly FailureView[]): Markup {
  if (views.length === 0) return markup``;
  const open = views.filter(({ failure }) => failure.result.accepted === null);
  const rest = views.slice(MOST_LISTED);
  return markup`<section aria-labelledby="failures-title">
    <h2 id="failures-title">
      ${count(open.length, 'failure')}${open.length === views.length ? '' : `, ${views.length - open.length} accepted`}
    </h2>
    <ol class="failures">
      ${views.slice(0, MOST_LISTED).map(failureLine)}
    </ol>
    ${when(
      rest.length > 0,
      () =>
        markup`<details>
          <summary>${count(rest.length, 'more failure')}</summary>
          <ol class="failures">
            ${rest.map(failureLine)}
          </ol>
        </details>`,
    )}
  </section>`;
}

function failureLine({ number, failure }: FailureView): Markup {
  const { migration, result } = failure;
  return markup`<li>
    <a href="#f${number}"
      ><span class="badge ${outcomeOf(result)}">${SIGNS[outcomeOf(result)]}</span><b>${migration.name}</b>
      <span class="law">${result.property}${result.clause === null ? '' : `/${result.clause}`}</span
      ><span class="reason">${result.reason}</span></a
    >
  </li>`;
}

function filters(report: Report): Markup {
  return markup`<div class="filters" id="filters" hidden>
    <label for="filter">filter</label
    ><input
      id="filter"
      type="search"
      autocomplete="off"
      spellcheck="false"
      placeholder="name, property or words of a reason"
    /><kbd>/</kbd
    >${tallyOutcomes(allResults(report)).map(({ outcome, n }) => markup`<button type="button" class="chip ${outcome}" data-outcome="${outcome}" aria-pressed="false">${SIGNS[outcome]} ${outcome} <small>${groupDigits(n)}</small></button>`)}<span
      id="shown"
      role="status"
    ></span>
  </div>`;
}

function remarks(report: Report): Markup {
  const style = makeStyle({ width: 160, color: false, unicode: true });
  const accepted = [...describeWaivers(report.sets, style), ...describeBaselines(report.sets, style)];
  const notes = [
    ...new Set(
      report.sets.flatMap(({ notes: own, generation }) => [
        ...own,
        ...generation.emptyTables.map(({ table, reason }) => `${table} stayed empty: ${reason}`),
      ]),
    ),
  ];
  return markup`${when(
    accepted.length > 0,
    () =>
      markup`<section>
        <h2>Accepted failures</h2>
        <pre tabindex="0">${accepted.join('\n')}</pre>
      </section>`,
  )}${when(
    report.limits.length > 0,
    () =>
      markup`<section>
        <h2>Not checked</h2>
        <ul>
          ${report.limits.map((limit) => markup`<li>${limit}</li>`)}
        </ul>
      </section>`,
  )}${when(
    notes.length > 0,
    () =>
      markup`<section>
        <h2>Notes</h2>
        <ul>
          ${notes.map((note) => markup`<li>${note}</li>`)}
        </ul>
      </section>`,
  )}`;
}

function keysHelp(): Markup {
  return markup`<kbd>←</kbd><kbd>↑</kbd><kbd>↓</kbd><kbd>→</kbd> move in the matrix · <kbd>Enter</kbd> open ·
    <kbd>/</kbd> filter · <kbd>Esc</kbd> back · <kbd>n</kbd><kbd>p</kbd> next and previous failure · <kbd>c</kbd> copy
    the command`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
