/**
 * The script for the database's own shell that shows a counterexample.
 */
import type { Counterexample } from '../core/counterexample.ts';
import type { ReproInput } from '../core/dialect.ts';
import type { Migration } from '../core/migration.ts';
import type { Subject } from './subject.ts';

/** Renders the script through the subject's dialect. */
export function reproOf(subject: Subject, example: Counterexample): string {
  const { set, dialect } = subject.planned;
  return dialect.renderRepro({
    title: `${example.set.name}, ${example.migration.name}: ${example.property} (${example.clause})\n${example.finding.message}`,
    before: set.migrations.slice(0, subject.index).map(({ up }) => up),
    dataset: example.dataset,
    model: subject.model,
    steps: stepsOf(subject, example),
    checks: checksOf(example),
  });
}

function stepsOf(subject: Subject, example: Counterexample): ReproInput['steps'] {
  const { migrations } = subject.planned.set;
  const walked = example.scenario.startsWith('chain') ? migrations.slice(subject.index) : [subject.migration];
  const ups = walked.map((migration) => ({ caption: `up: ${migration.name}`, script: migration.up }));
  const downs = walked.toReversed().flatMap(downStep);
  const up = ups[0];
  if (up === undefined || example.scenario.startsWith('chain')) return [...ups, ...downs];
  switch (example.property) {
    case 'rollback-restores':
      return [up, ...downs];
    case 'reapply-converges':
      return [up, ...downs, { ...up, caption: `${up.caption}, again` }];
    case 'rerun-idempotent': {
      const again = { ...up, caption: `${up.caption}, a second time` };
      return example.clause.startsWith('down') ? [up, ...downs, ...downs] : [up, again];
    }
    case 'invariants-hold':
      return example.finding.message.startsWith('after up,') && !example.finding.message.includes('down')
        ? [up]
        : [up, ...downs];
    default:
      return [up];
  }
}

function downStep(migration: Migration): { caption: string; script: Migration['up'] }[] {
  return migration.down === null ? [] : [{ caption: `down: ${migration.name}`, script: migration.down }];
}

function checksOf(example: Counterexample): ReproInput['checks'] {
  const { finding } = example;
  const tables = new Set([
    ...finding.tableDifferences.map(({ table }) => table).filter((table) => !table.includes(' that ')),
    ...finding.catalogChanges.flatMap(({ table }) => table ?? []),
  ]);
  const isPostgres = example.set.dialect === 'postgres';
  const shapes = [...tables].map((table) => ({
    caption: finding.message,
    sql:
      finding.catalogChanges.length === 0
        ? `SELECT * FROM ${table};`
        : isPostgres
          ? String.raw`\d+ ${table}`
          : sqliteShape(table),
  }));
  return shapes.length > 0
    ? shapes
    : [{ caption: finding.message, sql: isPostgres ? String.raw`\d` : 'SELECT type, name, sql FROM sqlite_schema;' }];
}

function sqliteShape(table: string): string {
  const bare = table.replaceAll(/^"|"$/g, '').replaceAll("'", "''");
  return `SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = '${bare}';`;
}
