/**
 * The report for code scanning: SARIF 2.1.0. A result is a falsified property, at the statement that broke it. Failures that somebody has
 * accepted are results with a suppression; what is inconclusive and what was not checked are notifications of the run, since nothing
 * is known to be wrong there.
 */
import type { Invocation, Log, Notification, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import type { Report } from '../harness/core/report.ts';
import type { FailureInReport } from './counterexample-section.ts';
import { failuresOf, fingerprintOf, placeOfFailure } from './failures.ts';
import { allResults, meaningOfExit } from './outcome-words.ts';
import { sanitize, sanitizeLines } from './sanitize.ts';

/** What a report may say of a property besides its results; a `Property` is one. */
interface PropertyWords {
  readonly id: string;
  readonly title: string;
  readonly law: string;
  readonly clauses: readonly { readonly id: string; readonly law: string }[];
}

interface SarifOptions {
  /** The laws of the properties; those that the report does not mention are left out. */
  readonly properties: readonly PropertyWords[];
  /** From the root of the repository to where the command ran, ending in `/`; empty: it ran there. */
  readonly prefix: string;
}

/** The report as SARIF text. */
export function renderSarif(report: Report, { properties, prefix }: SarifOptions): string {
  const asked = new Set(allResults(report).map(({ property }) => property));
  const rules = properties.filter(({ id }) => asked.has(id)).map(ruleOf);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Palindrome', semanticVersion: report.tool.version, rules } },
        automationDetails: { id: `palindrome/${report.run.verb}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(report)],
        results: failuresOf(report).map((failure) => resultOf(failure, rules, prefix)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ id, title, law, clauses }: PropertyWords): ReportingDescriptor {
  return {
    id,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_whole, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${title}.` },
    fullDescription: {
      text: [`${title}: ${law}.`, ...clauses.map((clause) => `${clause.id}: ${clause.law}`)].join('\n'),
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['migration'] },
  };
}

function resultOf(failure: FailureInReport, rules: readonly ReportingDescriptor[], prefix: string): Result {
  const { set, migration, result } = failure;
  const { property, clause, reason, accepted, counterexample } = result;
  const ruleIndex = rules.findIndex(({ id }) => id === property);
  const fingerprint = fingerprintOf(failure);
  return {
    ruleId: property,
    ...(ruleIndex === -1 ? {} : { ruleIndex }),
    level: 'error',
    message: { text: messageOf(failure) },
    locations: [{ physicalLocation: locationOf(failure, prefix) }],
    // GitHub looks at the first alone, and would otherwise take the text of the line.
    partialFingerprints: {
      primaryLocationLineHash: `${fingerprint.slice(0, 16)}:1`,
      'palindromeFailure/v1': fingerprint,
    },
    ...(accepted === null
      ? {}
      : {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: sanitize(
                accepted.by === 'waiver'
                  ? `${accepted.reason} (waived until ${accepted.expires}, ${accepted.from})`
                  : `known since ${accepted.recorded} (${accepted.file})`,
              ),
            },
          ],
        }),
    properties: {
      clause: clause ?? '',
      reason: sanitize(reason),
      set: sanitize(set.path),
      migration: sanitize(migration.name),
      engine: sanitize(`${set.dialect} ${set.engineVersion}`),
      ...(counterexample === null
        ? {}
        : {
            counterexample: sanitize(counterexample.id),
            repro: sanitize(counterexample.repro),
            replay: sanitize(counterexample.replay),
          }),
    },
  };
}

function messageOf({ result }: FailureInReport): string {
  const { property, clause, reason, counterexample } = result;
  const explanation = counterexample?.explanation?.sentences ?? [];
  return [
    `${property}${clause === null ? '' : `/${clause}`}: ${sanitize(reason)}`,
    ...(explanation.length === 0 ? [] : [sanitize(explanation.join(' '))]),
    ...(counterexample === null ? [] : [`See it again: ${sanitize(counterexample.replay)}`]),
  ].join('\n');
}

function locationOf(failure: FailureInReport, prefix: string): PhysicalLocation {
  const { file, text, ...region } = placeOfFailure(failure);
  const excerpt = failure.result.counterexample?.explanation?.excerpt ?? null;
  return {
    artifactLocation: { uri: uriOf(prefix + file), uriBaseId: '%SRCROOT%' },
    region: { ...region, ...(text === null ? {} : { snippet: { text: textOf(text) } }) },
    ...(excerpt === null || excerpt.file !== file
      ? {}
      : {
          contextRegion: {
            startLine: Math.max(1, excerpt.firstLine),
            endLine: Math.max(1, excerpt.firstLine) + Math.max(0, excerpt.lines.length - 1),
            snippet: { text: excerpt.lines.map((line) => sanitize(line)).join('\n') },
          },
        }),
  };
}

/** A relative reference: every segment percent-encoded, so that `#`, `?` and blanks in a file name stay part of it. */
function uriOf(file: string): string {
  const uri = file
    .split('/')
    .map((segment) => encodeURIComponent(Buffer.from(segment).toString()))
    .join('/');
  return uri.startsWith('/') ? `file://${uri}` : uri;
}

function invocationOf(report: Report): Invocation {
  const { exitCode, stoppedBecause } = report.run;
  const hasAccepted = allResults(report).some(({ accepted }) => accepted !== null);
  return {
    executionSuccessful: exitCode !== 3 && exitCode !== 130,
    exitCode,
    exitCodeDescription: sanitize(meaningOfExit(exitCode, stoppedBecause, hasAccepted)),
    toolExecutionNotifications: [
      ...inconclusive(report),
      ...report.limits.map((limit) => note('note', `Not checked: ${limit}`)),
    ],
  };
}

function inconclusive(report: Report): readonly Notification[] {
  return report.sets.flatMap((set) =>
    set.migrations.flatMap(({ name, results }) =>
      results
        .filter(({ verdict }) => verdict === 'inconclusive')
        .map(({ property, reason }) => note('warning', `${set.path}/${name}: ${property} is inconclusive: ${reason}`)),
    ),
  );
}

function note(level: Notification['level'], text: string): Notification {
  return { level, message: { text: sanitize(text) } };
}

function textOf(text: string): string {
  return sanitizeLines(text).join('\n');
}
