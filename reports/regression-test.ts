/** A stored failure as a test file of the user's own: its rows stand there as literals, so that no generator and no store can change them. */
import type { Counterexample } from '../harness/core/counterexample.ts';
import type { Cell, TableRows } from '../harness/core/dataset.ts';
import { sanitize } from './sanitize.ts';

/** Where things are, seen from the folder of the test file; with forward slashes. */
export interface RegressionPlaces {
  /** The folder that paths of the counterexample are relative to. */
  readonly root: string;
  /** The script for the database's shell beside the test. */
  readonly script: string;
}

/** Renders a file for Vitest that holds exactly this example to the migrations, through `palindrome/vitest`. */
export function renderRegressionTest(example: Counterexample, { root, script }: RegressionPlaces): string {
  const { id, set, migration, property, clause, scenario, parameters, finding, dataset, engine } = example;
  const fields: readonly (readonly [string, string])[] = [
    ['cwd', `path.resolve(import.meta.dirname, ${literal(root)})`],
    ['migrations', literal(set.path)],
    ['dialect', literal(set.dialect)],
    ['layout', literal(set.layout)],
    ['migration', literal(migration.name)],
    ['property', literal(property)],
    ['clause', literal(clause)],
    ['object', literal(finding.object)],
    ['scenario', literal(scenario)],
    ...(parameters == null ? [] : [['parameters', literal(parameters)] as const]),
    ['rows', renderTables(dataset.tables)],
  ];
  return `// A failure that \`palindrome replay ${id} --promote\` made a test of. It passes once the migration keeps its promise for these rows.
// ${comment(finding.message)}
// Recorded on ${set.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${comment(engine.version)}. The same for the database's own shell: ${comment(script)}
import path from 'node:path';
import { regression } from 'palindrome/vitest';

regression({
${fields.map(([key, value]) => `  ${key}: ${value},`).join('\n')}
});
`;
}

function renderTables(tables: readonly TableRows[]): string {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) return '[]';
  return `[\n${filled.map(renderTable).join('')}  ]`;
}

function renderTable({ table, columns, rows }: TableRows): string {
  const rendered = rows.map((row) => {
    const cells = columns.map((column, at) => `${keyOf(column)}: ${cellOf(row[at] ?? null)}`);
    return `        ${cells.length === 0 ? '{}' : `{ ${cells.join(', ')} }`},\n`;
  });
  return `    {\n      table: ${literal(table)},\n      rows: [\n${rendered.join('')}      ],\n    },\n`;
}

function cellOf(cell: Cell): string {
  return cell === null ? 'null' : literal(cell);
}

/** `__proto__` as a plain key would set the prototype. */
function keyOf(column: string): string {
  if (column === '__proto__') return "['__proto__']";
  return /^[a-z_$][\w$]*$/iu.test(column) ? column : literal(column);
}

/** JSON is JavaScript; strings are written as people write them here where that is the same. */
function literal(value: unknown): string {
  const json = JSON.stringify(value);
  const isPlain = typeof value === 'string' && /^[ -~]*$/u.test(value) && !/['"\\]/u.test(value);
  return isPlain ? `'${value}'` : json;
}

/** One line, whatever a database's message holds. */
function comment(text: string): string {
  return sanitize(text);
}
