/**
 * The script for the database's own shell that shows a counterexample: what the harness did, step by step, and what to look at.
 */
import type { CatalogChange } from '../core/catalog.ts';
import { EMPTY_DATASET } from '../core/dataset.ts';
import type { Counterexample } from '../core/counterexample.ts';
import type { ReproInput } from '../core/dialect.ts';
import type { Migration } from '../core/migration.ts';
import type { Finding } from '../core/property.ts';
import type { Moment, Trace } from '../core/trace.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { stepWords } from './describe-steps.ts';
import { ledgerRepro } from './ledger-repro.ts';
import type { Subject } from './subject.ts';

/** Renders the script through the subject's dialect. `traces` are those of the run that showed the finding. */
export function reproOf(subject: Subject, example: Counterexample, traces: readonly Trace[]): string {
  const { set, dialect, session } = subject.planned;
  const own: ReturnType<Scenario['repro']> | undefined = example.scenario.startsWith('ledger')
    ? ledgerRepro(subject)
    : subject.scenario?.repro(subject.migration, traces);
  return dialect.renderRepro({
    title: [
      `${example.set.name}, ${example.migration.name}: ${example.property} (${example.clause})`,
      example.finding.message,
      ...(example.anyValue ?? []).map(
        ({ table, row, columns }) => `Any value would do: ${table}, row ${row + 1}: ${columns.join(', ')}`,
      ),
    ].join('\n'),
    before: set.migrations.slice(0, subject.index).map(({ up }) => up),
    dataset: own?.hasOwnRows === true ? EMPTY_DATASET : example.dataset,
    model: subject.model,
    steps:
      own?.steps ??
      (example.scenario.startsWith('chain') ? chainSteps(subject) : stepsOf(subject.migration, example, traces)),
    checks: own?.checks ?? checksOf(subject, example),
    options: session,
  });
}

function stepsOf(migration: Migration, { finding }: Counterexample, traces: readonly Trace[]): ReproInput['steps'] {
  return momentsThatShow(finding, traces).flatMap((moment) => {
    const script = moment.step === null ? null : migration[moment.step.direction];
    if (moment.step === null || script === null) return [];
    return [{ caption: `${stepWords(moment)} (${migration.name})`, script, outcome: moment.step.outcome }];
  });
}

/** The trace that shows the finding, up to the moment at which it can be seen. */
function momentsThatShow(finding: Finding, traces: readonly Trace[]): readonly Moment[] {
  const shows = (moment: Moment): boolean => {
    if (moment.violations.some(({ invariant }) => invariant === finding.clause)) return true;
    if (finding.clause === 'conserved' && !isConserved(finding.object, traces, moment)) return true;
    if (finding.clause === 'silent-change' || finding.clause === 'refusal') return moment.name === 'after-up-again';
    return finding.clause.startsWith('down-') && moment.name === 'after-down-again';
  };
  const trace = traces.find(({ moments }) => moments.some(shows)) ?? traces[0];
  const moments = trace?.moments ?? [];
  const end = moments.findIndex(shows);
  return end === -1 ? moments : moments.slice(0, end + 1);
}

function isConserved(id: string, traces: readonly Trace[], moment: Moment): boolean {
  const rowsAt = (at: Moment | undefined): string =>
    JSON.stringify(at?.conserved?.find((entry) => entry.id === id)?.rows);
  const trace = traces.find(({ moments }) => moments.includes(moment));
  return moment.conserved?.some((entry) => entry.id === id) !== true || rowsAt(trace?.moments[0]) === rowsAt(moment);
}

function chainSteps(subject: Subject): ReproInput['steps'] {
  const walked = subject.planned.set.migrations.slice(subject.index);
  const ups = walked.map(({ name, up }) => ({ caption: `up: ${name}`, script: up }));
  const downs = walked
    .toReversed()
    .flatMap(({ name, down }) => (down === null ? [] : [{ caption: `down: ${name}`, script: down }]));
  return [...ups, ...downs];
}

function checksOf(subject: Subject, example: Counterexample): ReproInput['checks'] {
  const { finding } = example;
  const invariant = subject.planned.invariants.find(({ id }) => id === finding.clause);
  if (example.property === 'invariants-hold' && typeof invariant?.ask === 'string') {
    return [{ caption: `${finding.message}: this must return no row`, sql: terminated(invariant.ask) }];
  }
  const conserved = subject.planned.conservations.find(({ id }) => id === finding.object);
  if (finding.clause === 'conserved' && conserved !== undefined) {
    return [...new Set([conserved.sql, conserved.after])].map((sql) => ({
      caption: finding.message,
      sql: terminated(sql),
    }));
  }
  const isPostgres = example.set.dialect === 'postgres';
  const rows = finding.tableDifferences.map(({ table }) => `SELECT * FROM ${table};`);
  const shapes = finding.catalogChanges.map((change) => (isPostgres ? psqlShape(change) : sqliteShape(change)));
  const sequences = finding.clause === 'sequences' ? [sequenceState(finding.object, isPostgres)] : [];
  const checks = [...new Set([...rows, ...shapes, ...sequences])];
  // The shell has just shown the error of a script that failed: there is nothing more to see.
  if (checks.length === 0 && finding.fault !== null) return [];
  const fallback = isPostgres ? String.raw`\d` : 'SELECT type, name, sql FROM sqlite_schema;';
  return (checks.length > 0 ? checks : [fallback]).map((sql) => ({ caption: finding.message, sql }));
}

function sequenceState(name: string, isPostgres: boolean): string {
  return isPostgres ? `SELECT last_value, is_called FROM ${name};` : 'SELECT * FROM sqlite_sequence;';
}

/** psql's command for an object that belongs to no table, by its kind. */
const PSQL_COMMANDS: Readonly<Record<string, string>> = {
  'view': 'd+', 'materialized view': 'd+', 'sequence': 'd', 'foreign table': 'd+', 'function': 'df', 'procedure': 'df', 'aggregate': 'da+',
  'window function': 'df', 'enum': 'dT+', 'domain': 'dD+', 'composite type': 'd', 'range type': 'dT+', 'base type': 'dT+', 'schema': 'dn+',
  'extension': 'dx', 'publication': 'dRp+', 'event trigger': 'dy+', 'statistics object': 'dX', 'operator': 'do', 'cast': 'dC+',
}; // prettier-ignore

function psqlShape({ kind, name, table }: CatalogChange): string {
  if (table !== null) return String.raw`\d+ ${table}`;
  const command = PSQL_COMMANDS[kind];
  if (command === undefined) return String.raw`\d`;
  // The list of arguments is left out: psql wants types there, and the name finds every overload.
  return `\\${command} ${kind === 'extension' || kind === 'cast' ? '' : name.replace(/\(.*$/s, '')}`.trimEnd();
}

function terminated(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `${sql};`;
}

function sqliteShape({ table, name }: CatalogChange): string {
  const bare = (table ?? name).replaceAll(/^"|"$/g, '').replaceAll('""', '"').replaceAll("'", "''");
  return `SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = '${bare}';`;
}
