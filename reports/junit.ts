/**
 * The report for CI servers: JUnit's XML as Jenkins' schema has it. A migration is a test suite, a property a test case. What nothing can
 * be said of is skipped with its reason, never passed; a failure that somebody has accepted is skipped as well, since it does not fail the
 * build. The run itself is a test case too, so that a run that ended early, or judged nothing, is not taken for a success.
 */
import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { Report, ReportMigration, ReportResult, ReportSet } from '../harness/core/report.ts';
import { plainStory } from './plain-story.ts';
import { sanitize, sanitizeLines } from './sanitize.ts';
import { meaningOfExit, wasJudged } from './outcome-words.ts';

/** The report as JUnit XML. */
export function renderJunit(report: Report): string {
  const suites = report.sets.flatMap((set) =>
    set.migrations.map((migration) => ({ set, migration, cases: casesOf(set, migration) })),
  );
  const failures = suites.reduce((sum, { cases }) => sum + tally(cases, 'failure'), 0);
  const tests = suites.reduce((sum, { cases }) => sum + cases.length, 1);
  const problem = problemOf(report);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: `palindrome ${report.run.verb}`,
    tests,
    failures,
    errors: problem === null ? 0 : 1,
    time: seconds(report.run.durationMs),
  });
  addRun(root, report, problem);
  for (const { set, migration, cases } of suites) addSuite(root, set, migration, cases);
  return `${root.end({ prettyPrint: true })}\n`;
}

interface TestCase {
  readonly name: string;
  readonly classname: string;
  readonly outcome: 'passed' | 'failure' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

function addRun(root: XMLBuilder, report: Report, problem: string | null): void {
  const { seed, durationMs, verb } = report.run;
  const suite = root.ele('testsuite', {
    name: 'the run itself',
    tests: 1,
    failures: 0,
    errors: problem === null ? 0 : 1,
    skipped: 0,
    time: seconds(durationMs),
  });
  const properties = suite.ele('properties');
  for (const [name, value] of [
    ['tool', `palindrome ${report.tool.version}`],
    ['verb', verb],
    ['seed', String(seed)],
    ...report.limits.map((limit): [string, string] => ['not checked', limit]),
  ] as const)
    properties.ele('property', { name, value: sanitize(value) });
  const test = suite.ele('testcase', { name: 'came to its end', classname: 'palindrome', time: seconds(durationMs) });
  if (problem !== null) test.ele('error', { type: 'run', message: sanitize(problem) });
}

function addSuite(root: XMLBuilder, set: ReportSet, migration: ReportMigration, cases: readonly TestCase[]): void {
  const suite = root.ele('testsuite', {
    name: sanitize(`${set.path} ${engineOf(set)}: ${migration.name}`),
    package: sanitize(set.path),
    tests: cases.length,
    failures: tally(cases, 'failure'),
    errors: 0,
    skipped: tally(cases, 'skipped'),
    time: seconds(migration.durationMs),
  });
  for (const { name, classname, outcome, type, message, text } of cases) {
    const test = suite.ele('testcase', { name, classname });
    if (outcome === 'failure') test.ele('failure', { type, message }).txt(text);
    if (outcome === 'skipped') test.ele('skipped').txt(text);
  }
}

/** One test case a property; a property that failed in several clauses has one for each. */
function casesOf(set: ReportSet, migration: ReportMigration): readonly TestCase[] {
  const classname = sanitize(`${set.path}.${migration.name}`);
  return migration.results.map((result) => {
    const type = result.clause === null ? result.property : `${result.property}/${result.clause}`;
    const message = sanitize(result.reason);
    const base = { name: sanitize(type), classname, type: sanitize(type), message };
    if (result.verdict === 'held') return { ...base, outcome: 'passed', text: '' };
    if (result.verdict === 'falsified' && result.accepted === null)
      return { ...base, outcome: 'failure', text: textOf(plainStory({ set, migration, result })) };
    return { ...base, outcome: 'skipped', text: skippedBecause(result) };
  });
}

function skippedBecause({ verdict, accepted, reason }: ReportResult): string {
  const why =
    accepted === null
      ? verdict
      : accepted.by === 'waiver'
        ? `falsified, waived until ${accepted.expires} (${accepted.reason})`
        : `falsified, known since ${accepted.recorded} (${accepted.file})`;
  return sanitize(`${why}: ${reason}`);
}

/** Why the run as a whole is no success although no test case may say so; null: there is no such reason. */
function problemOf(report: Report): string | null {
  const { exitCode, stoppedBecause } = report.run;
  if (exitCode === 3 || exitCode === 130) return meaningOfExit(exitCode, stoppedBecause, false);
  return report.sets.some(({ migrations }) => migrations.some(({ results }) => results.some(wasJudged)))
    ? null
    : 'nothing was judged';
}

function engineOf({ dialect, engineVersion }: ReportSet): string {
  return `(${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${engineVersion})`;
}

function tally(cases: readonly TestCase[], outcome: TestCase['outcome']): number {
  return cases.filter((test) => test.outcome === outcome).length;
}

function textOf(text: string): string {
  return sanitizeLines(text).join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
