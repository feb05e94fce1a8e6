/** `docs/configuration.md` has every key, its examples load, and its defaults are the ones that hold. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../harness/config/load-config.ts';
import type { LoadedConfig } from '../../harness/config/load-config.ts';
import { CONFIG_KEYS, CONFIG_SHAPE } from '../../harness/config/schema.ts';
import { DEFAULTS } from '../../harness/config/settings.ts';
import { codeBlocks, readDoc, section, tableRows } from './markdown.ts';

const doc = readDoc('docs/configuration.md');
const keys = section(doc, '## Keys');
const complete = section(doc, '## A complete example');
/** Keys that hold objects: their own keys stand in a table of their section. */
const NESTED = [
  'timeouts',
  'invariants',
  'conserve',
  'prepare',
  'datasets',
  'anonymise',
  'queries',
  'pagers',
  'model',
  'parity',
  'declare',
  'ignore',
  'waivers',
  'sqlite',
  'runner',
] as const;
/** Only a program can hold these. */
const PROGRAM_ONLY = ['generators', 'datasets'];

let folder = '';
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(name: string, text: string): Promise<LoadedConfig> {
  const own = join(folder, String(++files));
  await mkdir(own);
  await writeFile(join(own, name), text);
  return loadConfig(join(own, name), own);
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
}

/** Paths of the leaves below a schema, as the document writes them; a leaf that may be left out has a question mark. */
function leaves(schema: JsonSchema, path: string, isOptional: boolean): readonly string[] {
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      leaves(inner, path === '' ? name : `${path}.${name}`, !(schema.required ?? []).includes(name)),
    );
  if (schema.items !== undefined) return leaves(schema.items, `${path}[]`, false);
  return [`${path}${isOptional ? '?' : ''}`];
}

/** The leaves of one entry of a key. */
function leavesOf(key: (typeof NESTED)[number]): readonly string[] {
  const schema = z.toJSONSchema(CONFIG_SHAPE[key], { unrepresentable: 'any' }) as JsonSchema;
  const entry = key === 'declare' ? schema.additionalProperties : (schema.items ?? schema);
  if (typeof entry !== 'object') throw new Error(`${key} has no object`);
  return leaves(entry, '', false);
}

describe('the keys', () => {
  it('should be those of the schema, in the table and as sections', () => {
    expect(tableRows(keys.slice(0, keys.indexOf('\n### ')), 'key').map(([key]) => key)).toEqual([...CONFIG_KEYS]);
    expect([...keys.matchAll(/^### (.*)$/gm)].map(([, key]) => key)).toEqual([...CONFIG_KEYS]);
  });

  it.each(NESTED)('should be complete below %s', (key) => {
    const rows = tableRows(section(keys, `### ${key}`), 'key');
    const documented = rows.map(([path = '']) => path);
    expect(documented).toEqual(leavesOf(key).map((path) => path.replace('?', '')));
  });

  it.each([
    'invariants',
    'conserve',
    'prepare',
    'datasets',
    'queries',
    'pagers',
    'model',
    'ignore',
    'waivers',
  ] as const)('should say which are optional below %s', (key) => {
    const rows = tableRows(section(keys, `### ${key}`), 'key');
    const documented = rows.map(([path = '', type = '']) => `${path}${type.endsWith(', optional') ? '?' : ''}`);
    expect(documented).toEqual(leavesOf(key));
  });

  it('should have the defaults that hold', () => {
    const defaults = new Map(tableRows(keys, 'key').map(([key = '', , value = '']) => [key, value]));
    expect(defaults.get('cases')).toBe(String(DEFAULTS.cases));
    expect(defaults.get('provider')).toBe(DEFAULTS.provider);
    expect(defaults.get('store')).toBe(`${DEFAULTS.store} where the command runs`);
    expect(defaults.get('statementMs')).toBe(String(DEFAULTS.statementMs));
    expect(defaults.get('scriptMs')).toBe(String(DEFAULTS.scriptMs));
    expect(defaults.get('timeouts')).toBe(`${DEFAULTS.statementMs} and ${DEFAULTS.scriptMs}`);
  });
});

describe('the examples', () => {
  it.each(CONFIG_KEYS)('should have one for %s that is right', async (key) => {
    const [example = ''] = codeBlocks(section(keys, `### ${key}`), 'ts');
    const { config, issues } = await load(
      'palindrome.config.ts',
      `import fc from 'fast-check';\nexport default {\n${example}};\nvoid fc;\n`,
    );
    expect(issues).toEqual([]);
    expect(Object.keys(config)).toEqual([key]);
  });

  it('should load as a whole, in TypeScript', async () => {
    const [example = ''] = codeBlocks(complete, 'ts');
    const { config, issues } = await load('palindrome.config.ts', example);
    expect(issues).toEqual([]);
    expect(Object.keys(config).length).toBeGreaterThan(12);
  });

  it('should load as a whole, in JSON', async () => {
    const [example = ''] = codeBlocks(complete, 'json');
    const { config, issues } = await load('palindrome.config.json', example);
    expect(issues).toEqual([]);
    expect(PROGRAM_ONLY.filter((key) => key in config)).toEqual([]);
  });

  it('should be read by a test that can fail', async () => {
    const [example = ''] = codeBlocks(complete, 'json');
    const { issues } = await load('palindrome.config.json', example.replace('"cases"', '"cased"'));
    expect(issues).toEqual([{ path: 'cased', message: 'unknown key; did you mean "cases"?' }]);
  });
});
