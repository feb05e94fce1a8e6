/**
 * A page for each property of the catalogue, from what the catalogue and its pairs under `migrations/faults` say. A property that has no page
 * yet gets one; what a person writes between the generated parts stays.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countRows, type Dataset } from '../harness/core/dataset.ts';
import type { Property } from '../harness/core/property.ts';
import { compareText, count } from '../harness/core/text.ts';
import { ALL_PROPERTIES } from '../properties/catalogue.ts';

const ROOT = join(import.meta.dirname, '..');
const FAULTS = join(ROOT, 'migrations/faults');

/** Where `npm run docs:counterexamples` keeps what it saw. */
export const COUNTEREXAMPLES = join(FAULTS, 'counterexamples.json');

/** A failure that a run really found and reduced. */
export interface RecordedCounterexample {
  readonly seed: number;
  readonly engine: string;
  readonly clause: string;
  readonly message: string;
  readonly dataset: Dataset;
  readonly steps: readonly string[];
  /** What the explanation says; empty where no statement can be blamed. */
  readonly sentences: readonly string[];
}

/** The pages, relative to the repository. */
export const PAGES: readonly string[] = ALL_PROPERTIES.map(({ id }) => pageOf(id));

function pageOf(id: string): string {
  return `docs/properties/${id}.md`;
}

/** First texts of the pages that are not there. */
export function missingPages(): readonly { readonly doc: string; readonly text: string }[] {
  return ALL_PROPERTIES.filter(({ id }) => !existsSync(join(ROOT, pageOf(id)))).map(({ id }) => ({
    doc: pageOf(id),
    text: firstText(id, exampleFor(id)),
  }));
}

/** The pair whose example and counterexample stand on a page: as the page says, and for a new page the first. */
export function exampleFor(id: string): string {
  const file = join(ROOT, pageOf(id));
  const chosen = existsSync(file)
    ? /<!-- generated: example (\S+) -->/.exec(readFileSync(file, 'utf8'))?.[1]
    : undefined;
  const [first] = casesOf(id);
  if (chosen === undefined && first === undefined) throw new Error(`${id} has no pair under migrations/faults`);
  return chosen ?? first?.name ?? '';
}

function part(name: string): string {
  return `<!-- generated: ${name} -->\n\n<!-- /generated -->`;
}

/** A new page. */
export function firstText(id: string, example: string): string {
  return [
    `# ${id}`,
    part(`law ${id}`),
    '## Declaring an exception',
    part(`exception ${id}`),
    '## A bad migration and a good one',
    part(`example ${example}`),
    '## A counterexample',
    part(`counterexample ${example}`),
    '## What it must find',
    part(`pairs ${id}`),
    '',
  ].join('\n\n');
}

/** The text of a part of a page, or of the list of all; null: it is none of these. */
export function generatePropertyPart(kind: string, subject: string): string | null {
  if (kind === 'properties') return listOf(ALL_PROPERTIES);
  if (kind === 'law') return lawOf(subject);
  if (kind === 'exception') return exceptionOf(subject);
  if (kind === 'example') return exampleOf(subject);
  if (kind === 'counterexample') return counterexampleOf(subject);
  return kind === 'pairs' ? pairsOf(subject) : null;
}

function listOf(properties: readonly Property[]): string {
  const rows = properties.map(({ id, title, law, whenAsked }) => {
    const asked = whenAsked === undefined ? '' : ' Judged where it is asked for.';
    return `| [\`${id}\`](properties/${id}.md) | ${title}.${asked} | \`${inTable(law)}\` |`;
  });
  return ['| property | says | law |', '| --- | --- | --- |', ...rows].join('\n');
}

function lawOf(id: string): string {
  const property = ALL_PROPERTIES.find((candidate) => candidate.id === id);
  if (property === undefined) throw new Error(`there is no property ${id}`);
  return [
    `**${property.title}.** \`${property.law}\``,
    '',
    ...property.clauses.map((clause) => `- \`${clause.id}\`: ${clause.law}`),
  ].join('\n');
}

/** What works for every property; a property's own declarations are written above it by hand. */
function exceptionOf(id: string): string {
  return [
    'As for every property, one migration can be left out, or one failure accepted until a day, in the script:',
    '',
    ...fence(
      'sql',
      [
        `-- palindrome: ignore ${id} because <why it does not matter here>`,
        `-- palindrome: waive ${id} until <YYYY-MM-DD> because <why it may stay until then>`,
      ].join('\n'),
    ),
    '',
    'An ignored property is `inapplicable`, with the reason. A waived failure stays `falsified` in every report and does not fail the build until that',
    'day; a waiver that nothing needs is reported as stale. The same in the configuration: [`declare`](../configuration.md#declare) and',
    '[`waivers`](../configuration.md#waivers). All failures of an old set at once: [`palindrome baseline`](../configuration.md#baseline).',
  ].join('\n');
}

interface Case {
  readonly name: string;
  readonly clause: string;
  readonly dialect: string;
  readonly layout: string;
  readonly bug: string;
  readonly seen: string | null;
  readonly minimalRows: number;
}

function readCase(name: string): Case {
  return { ...(JSON.parse(readFileSync(join(FAULTS, name, 'case.json'), 'utf8')) as Case), name };
}

function casesOf(id: string): readonly Case[] {
  const folder = join(FAULTS, id);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => readCase(`${id}/${name}`)).toSorted((a, b) => compareText(a.name, b.name));
}

function pairsOf(id: string): string {
  const cases = casesOf(id);
  const rows = cases.map(({ name, clause, dialect, bug, seen }) => {
    const link = `[${name.slice(id.length + 1)}](../../migrations/faults/${name})`;
    const where = seen === null ? '' : ` Seen: <${seen}>`;
    return `| ${link} | \`${clause}\` | ${dialect} | ${inTable(bug)}${where} |`;
  });
  return [
    `Each of these ${cases.length} bad migrations is falsified by \`${id}\` in its clause; the good twin beside it holds in all properties. \`npm run faults\` tries`,
    'them with twenty seeds.',
    '',
    '| pair | clause | dialect | the bug |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function exampleOf(name: string): string {
  const folder = join(FAULTS, name);
  const { clause, bug, seen, minimalRows } = readCase(name);
  const bad = filesIn(join(folder, 'bad'));
  const good = filesIn(join(folder, 'good'));
  const config = bad.get('palindrome.config.json');
  const sighting = seen === null ? '' : ` Seen in the wild: <${seen}>.`;
  return [
    `[\`${name}\`](../../migrations/faults/${name}), clause \`${clause}\`, ${rowsToShow(minimalRows)}. ${bug}${sighting}`,
    '',
    ...block(
      'sql',
      [...bad].filter(([file]) => isShown(file)),
    ),
    ...(config === undefined ? [] : ['', ...fence('json', config)]),
    '',
    'The same change done right:',
    '',
    ...block(
      'sql',
      [...good].filter(([file, text]) => isShown(file) && bad.get(file) !== text),
    ),
  ].join('\n');
}

function counterexampleOf(name: string): string {
  const recorded = readCounterexamples()[name];
  if (recorded === undefined)
    throw new Error(`no counterexample of ${name} is recorded; npm run docs:counterexamples -- --missing records it`);
  const { seed, engine, clause, message, dataset, steps, sentences } = recorded;
  const rows = countRows(dataset);
  return [
    `What the bad migration above ends in (${engine}, seed ${seed}), reduced to ${rows === 0 ? 'no row at all' : count(rows, 'row')}:`,
    '',
    `> **${clause}**: ${message.replaceAll('\n', ' ')}`,
    '',
    ...(rows === 0 ? [] : [...fence('text', rowsAsText(dataset)), '']),
    ...fence('text', steps.join('\n')),
    ...(sentences.length === 0 ? [] : ['', sentences.join(' ')]),
    '',
    `Run it: \`palindrome verify migrations/faults/${name}/bad --property ${name.split('/')[0] ?? ''} --seed ${seed}\``,
  ].join('\n');
}

/** What was recorded, by the name of the pair. */
export function readCounterexamples(): Readonly<Record<string, RecordedCounterexample>> {
  if (!existsSync(COUNTEREXAMPLES)) return {};
  return JSON.parse(readFileSync(COUNTEREXAMPLES, 'utf8')) as Record<string, RecordedCounterexample>;
}

function rowsAsText({ tables }: Dataset): string {
  return tables
    .filter(({ rows }) => rows.length > 0)
    .flatMap(({ table, columns, rows }) =>
      rows.map((row) => `${table}: ${columns.map((column, at) => `${column} = ${row[at] ?? 'NULL'}`).join(', ')}`),
    )
    .join('\n');
}

function rowsToShow(minimalRows: number): string {
  if (minimalRows === 0) return 'shown without any row';
  return minimalRows === 1 ? 'shown by one row' : `shown by ${minimalRows} rows`;
}

/** Scripts, but for the down of the first migration: that one makes the schema, and its down says nothing about the bug. */
function isShown(file: string): boolean {
  return file.endsWith('.sql') && !/^0*1_.*(?:\.down|_ROLLBACK)\.sql$/.test(file);
}

function block(language: string, files: readonly (readonly [string, string])[]): readonly string[] {
  return fence(language, files.map(([file, text]) => `-- ${file}\n${text.trimEnd()}`).join('\n\n'));
}

function fence(language: string, text: string): readonly string[] {
  return [`\`\`\`${language}`, text.trimEnd(), '```'];
}

/** A bar would end the cell. */
function inTable(text: string): string {
  return text.replaceAll('|', '\\|');
}

function upFirst(file: string): string {
  return file.replace('.up.sql', '.a.sql').replace('_ROLLBACK.sql', '_z.sql');
}

/** By name; a script's up before its down. Folders of layouts that have them come flat. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted((a, b) => compareText(upFirst(a), upFirst(b)));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
