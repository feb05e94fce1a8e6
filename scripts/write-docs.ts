/**
 * Writes the parts of the documentation that the source already says: what stands between `<!-- generated: … -->` and
 * `<!-- /generated -->`. `npm run docs` writes them anew and formats; a test fails where they are out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProgram } from '../harness/cli/program.ts';
import { CONFIG_KEYS } from '../harness/config/schema.ts';
import type { Property } from '../harness/core/property.ts';
import { OPERATORS } from '../harness/mutants/mutants.ts';
import { compareText } from '../harness/core/text.ts';
import { ALL_PROPERTIES } from '../properties/catalogue.ts';

const ROOT = join(import.meta.dirname, '..');
const FAULTS = join(ROOT, 'migrations/faults');
const PART = /(<!-- generated: ([^\n]+?) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** Every document with generated parts, relative to the repository. */
export const GENERATED_DOCS = ['docs/configuration.md', 'docs/mutants.md', 'docs/properties.md'] as const;

/** A document with its parts written anew. Throws where a part has a name that nothing generates. */
export function regenerate(text: string): string {
  return text.replaceAll(PART, (_whole, open: string, name: string, close: string) => {
    return `${open}\n${generate(name).trim()}\n\n${close}`;
  });
}

/** The names of the generated parts of a document, in order. */
export function partsOf(text: string): readonly string[] {
  return [...text.matchAll(PART)].map(([, , name = '']) => name);
}

/** The text of one part: `flags`, `operators`, `law <property>`, or `example <property>/<case>`. */
function generate(part: string): string {
  const [kind = '', subject = ''] = part.split(' ');
  if (kind === 'flags') return flagsTable();
  if (kind === 'operators') return operatorsTable();
  if (kind === 'law') return lawOf(subject);
  if (kind === 'example') return exampleOf(subject);
  throw new Error(`nothing generates the part "${part}"`);
}

/** The flags of `verify`, as its help lists them. */
export function verifyFlags(): readonly { readonly flag: string; readonly name: string; readonly help: string }[] {
  const io = {
    out: () => undefined,
    err: () => undefined,
    isOutTty: false,
    isErrTty: false,
    ask: null,
    columns: null,
    env: {},
    cwd: '.',
    signal: new AbortController().signal,
    toolVersion: '',
  };
  const verify = makeProgram(io, () => undefined).commands.find((command) => command.name() === 'verify');
  const options = verify?.options ?? [];
  return options.map((option) => ({ flag: option.flags, name: option.attributeName(), help: option.description }));
}

/** Flags whose key has another name. */
const KEY_OF: Readonly<Record<string, string>> = {
  statementTimeout: 'timeouts.statementMs',
  scriptTimeout: 'timeouts.scriptMs',
  dataset: 'anonymise.dataset',
  datasetAt: 'anonymise.at',
  datasetRows: 'anonymise.rows',
};

function flagsTable(): string {
  const rows = verifyFlags().map(({ flag, name, help }) => {
    const key = KEY_OF[name] ?? CONFIG_KEYS.find((known) => known === name);
    return `| \`${flag}\` | ${key === undefined ? 'none' : `\`${key}\``} | ${help} |`;
  });
  return ['| flag | key | `palindrome verify --help` says |', '| --- | --- | --- |', ...rows].join('\n');
}

function operatorsTable(): string {
  const rows = OPERATORS.map(
    ({ id, mistake, directions, dialects }) =>
      `| \`${id}\` | ${mistake} | ${directions.join(', ')} | ${dialects.join(', ')} |`,
  );
  return [
    '| operator | the mistake that it stands for | scripts | dialects |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function lawOf(id: string): string {
  const property = ALL_PROPERTIES.find((candidate) => candidate.id === id);
  if (property === undefined) throw new Error(`there is no property ${id}`);
  return [`**${property.title}.** \`${property.law}\``, '', ...property.clauses.map(clauseLine)].join('\n');
}

function clauseLine({ id, law }: Property['clauses'][number]): string {
  return `- \`${id}\`: ${law}`;
}

interface Case {
  readonly clause: string;
  readonly bug: string;
  readonly minimalRows: number;
}

function exampleOf(name: string): string {
  const folder = join(FAULTS, name);
  const { clause, bug, minimalRows } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Case;
  const bad = filesIn(join(folder, 'bad'));
  const good = filesIn(join(folder, 'good'));
  const config = bad.get('palindrome.config.json');
  return [
    `[\`${name}\`](../migrations/faults/${name}), clause \`${clause}\`, ${rowsToShow(minimalRows)}. ${bug}`,
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

function upFirst(file: string): string {
  return file.replace('.up.sql', '.a.sql').replace('_ROLLBACK.sql', '_z.sql');
}

/** By name; a script's up before its down. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder).toSorted((a, b) => compareText(upFirst(a), upFirst(b)));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

if (process.argv[1]?.endsWith('write-docs.ts') === true) {
  for (const doc of GENERATED_DOCS) {
    const file = join(ROOT, doc);
    writeFileSync(file, regenerate(readFileSync(file, 'utf8')));
  }
}
