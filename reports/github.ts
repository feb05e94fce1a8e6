/**
 * The report for GitHub Actions: annotations as workflow commands in the log, and the Markdown report as the step's summary. While a run
 * prints, commands are switched off: no name, row or message of a database can give one.
 */
import type { Reporter } from '../harness/core/events.ts';
import type { Report } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { createFinalReporter } from './final-report.ts';
import { failuresOf, placeOfFailure } from './failures.ts';
import { groupFailures } from './group-failures.ts';
import { renderMarkdown } from './markdown.ts';
import { allResults, meaningOfExit } from './outcome-words.ts';
import { sanitize } from './sanitize.ts';

/** A step's summary may have 1 MiB; what other tools of the step wrote has to fit as well. */
const LONGEST_SUMMARY = 500_000;

interface GithubOptions {
  /** Takes the annotations. */
  readonly write: (text: string) => Promise<void>;
  /** Adds to the step's summary; null: there is none. */
  readonly appendSummary: ((markdown: string) => Promise<void>) | null;
  /** From the root of the repository to where the command ran, ending in `/`; empty: it ran there. */
  readonly prefix: string;
  /** Switches workflow commands off while the log is written, with a word that nobody can guess; null: the log is not ours. */
  readonly guard: { readonly word: string; readonly print: (text: string) => void } | null;
}

/** Writes annotations and summary once, when closed; nothing where the run never finished. */
export function createGithubReporter({ write, appendSummary, prefix, guard }: GithubOptions): Reporter {
  const final = createFinalReporter(async (report) => {
    await write(renderAnnotations(report, prefix));
    await appendSummary?.(renderMarkdown(report, { longest: LONGEST_SUMMARY }));
  });
  let isGuarding = false;
  return {
    onEvent(event) {
      if (!isGuarding && guard !== null) {
        guard.print(`::stop-commands::${guard.word}\n`);
        isGuarding = true;
      }
      final.onEvent(event);
    },
    async close() {
      if (isGuarding) guard?.print(`::${guard.word}::\n`);
      await final.close();
    },
  };
}

/** One line an annotation: errors for what fails the build, notices for accepted failures, one warning for all that is inconclusive. */
export function renderAnnotations(report: Report, prefix: string): string {
  const { exitCode, stoppedBecause } = report.run;
  const failures = groupFailures(failuresOf(report)).map(({ failure, alsoSeenBy }) => {
    const { migration, result } = failure;
    const { file, startLine, startColumn, endLine, endColumn } = placeOfFailure(failure);
    const also = alsoSeenBy.map(({ property }) => property);
    return command(
      result.accepted === null ? 'error' : 'notice',
      {
        file: prefix + file,
        line: startLine,
        endLine,
        // Columns are taken only where the annotation stands in one line.
        ...(startLine === endLine ? { col: startColumn, endColumn } : {}),
        title: `${migration.name}: ${result.property}${result.clause === null ? '' : `/${result.clause}`}`,
      },
      [
        sanitize(result.reason),
        ...(result.accepted === null ? [] : ['Accepted: it does not fail the build.']),
        ...(result.counterexample?.explanation?.sentences ?? []).map((sentence) => sanitize(sentence)),
        ...(also.length === 0 ? [] : [`Also seen by ${also.join(', ')}.`]),
        ...(result.counterexample === null ? [] : [`See it again: ${sanitize(result.counterexample.replay)}`]),
      ].join('\n'),
    );
  });
  const unclear = allResults(report).filter(({ verdict }) => verdict === 'inconclusive');
  const warnings =
    unclear.length === 0
      ? []
      : [
          command(
            'warning',
            { title: `${count(unclear.length, 'result')} inconclusive` },
            [...new Set(unclear.map(({ property, reason }) => sanitize(`${property}: ${reason}`)))]
              .slice(0, 5)
              .join('\n'),
          ),
        ];
  const ended =
    exitCode === 3 || exitCode === 130
      ? [command('error', { title: 'The run did not come to its end' }, meaningOfExit(exitCode, stoppedBecause, false))]
      : [];
  return [...failures, ...warnings, ...ended].map((line) => `${line}\n`).join('');
}

/** A workflow command. Values are escaped as the runner's own toolkit does it. */
function command(name: string, values: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(values)
    .map(([key, value]) => `${key}=${escapeValue(String(value))}`)
    .join(',');
  return `::${name} ${list}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  const safe = text
    .split('\n')
    .map((line) => sanitize(line))
    .join('\n');
  return safe.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeValue(text: string): string {
  return escapeMessage(sanitize(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
