/**
 * Writes the parts of the documentation that the source already says: what stands between `<!-- generated: … -->` and
 * `<!-- /generated -->`. `npm run docs` writes them anew and formats; a test fails where they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProgram } from '../harness/cli/program.ts';
import { CONFIG_KEYS } from '../harness/config/schema.ts';
import { OPERATORS } from '../harness/mutants/mutants.ts';
import { generatePropertyPart, missingPages, PAGES } from './property-pages.ts';
import { SILENT_IO } from './silent-io.ts';

const ROOT = join(import.meta.dirname, '..');
const PART = /(<!-- generated: ([^\n]+?) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** Every document with generated parts, relative to the repository. */
export function generatedDocs(): readonly string[] {
  return ['docs/configuration.md', 'docs/mutants.md', 'docs/properties.md', ...PAGES];
}

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

/** The text of one part: `flags`, `operators`, or what a page of a property has. */
function generate(part: string): string {
  const [kind = '', subject = ''] = part.split(' ');
  if (kind === 'flags') return flagsTable();
  if (kind === 'operators') return operatorsTable();
  const own = generatePropertyPart(kind, subject);
  if (own !== null) return own;
  throw new Error(`nothing generates the part "${part}"`);
}

/** The flags of `verify`, as its help lists them. */
export function verifyFlags(): readonly { readonly flag: string; readonly name: string; readonly help: string }[] {
  const verify = makeProgram(SILENT_IO, () => undefined).commands.find((command) => command.name() === 'verify');
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

if (process.argv[1]?.endsWith('write-docs.ts') === true) {
  for (const { doc, text } of missingPages()) writeFileSync(join(ROOT, doc), text);
  for (const doc of generatedDocs()) {
    const file = join(ROOT, doc);
    writeFileSync(file, regenerate(readFileSync(file, 'utf8')));
  }
}
