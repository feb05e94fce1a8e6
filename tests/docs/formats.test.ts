/** `docs/formats.md` has every field of both formats, and what it says of exit codes is so. */
import { describe, expect, it } from 'vitest';
import { type Counterexample, idOf } from '../../harness/core/counterexample.ts';
import { parseCounterexample } from '../../harness/store/validate.ts';
import schema from '../../reports/report.schema.json' with { type: 'json' };
import { readDoc, section, tableRows } from './markdown.ts';

const doc = readDoc('docs/formats.md');
const report = section(section(doc, '## palindrome-report/1'), '### Fields');
const shared = section(doc, '### Datasets and findings');
const counterexample = section(doc, '## palindrome-counterexample/1');

interface JsonSchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const definitions = schema.$defs as Readonly<Record<string, JsonSchema>>;
/** Described on their own. */
const OWN = [
  'migration',
  'result',
  'counterexample',
  'dataset',
  'finding',
  'waived',
  'waiver',
  'baseline',
  'anyCells',
  'explanation',
];

function leaves(node: JsonSchema, path: string): readonly string[] {
  const inner = node.anyOf?.find(({ $ref }) => $ref !== undefined) ?? node;
  const name = inner.$ref?.replace('#/$defs/', '');
  if (name !== undefined && OWN.includes(name)) return [path];
  const own = name === undefined ? inner : (definitions[name] ?? {});
  if (own.properties !== undefined)
    return Object.entries(own.properties).flatMap(([key, value]) =>
      leaves(value, path === '' ? key : `${path}.${key}`),
    );
  return own.items === undefined ? [path] : leaves(own.items, `${path}[]`);
}

/** The fields of a table that hold no others. */
function documentedLeaves(text: string): readonly string[] {
  const paths = tableRows(text, 'field').map(([path = '']) => path);
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)));
}

/** The fields below some keys of a counterexample, with `[]` for lists. */
function fieldsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return [`${path}[]`];
  if (typeof value !== 'object' || value === null || OWN.includes(path))
    return path === 'migration' ? nested(value, path) : [path];
  return nested(value, path);
}

function nested(value: unknown, path: string): readonly string[] {
  return Object.entries(value as object).flatMap(([key, inner]) =>
    fieldsOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

const hash = '0'.repeat(64);
/** Complete by the compiler. */
const content: Omit<Counterexample, 'id' | 'format'> = {
  tool: { version: '0.1.0' },
  set: { name: 'm', path: 'm', layout: 'plain', dialect: 'sqlite' },
  migration: { id: '1', name: '1_a', upSha256: hash, downSha256: null },
  before: [hash],
  schemaFingerprint: hash,
  engine: { version: '3.53.2', provider: 'sqlite' },
  scenario: 'standard',
  property: 'applies',
  clause: 'rejects',
  seed: 1,
  caseIndex: 0,
  shrinks: 0,
  dataset: { tables: [{ table: 't', columns: ['a'], rows: [['1']] }] },
  finding: {
    clause: 'rejects',
    message: 'm',
    object: 'o',
    catalogChanges: [],
    tableDifferences: [],
    fault: null,
    at: null,
    wayOut: null,
  },
};
const example: Counterexample = { format: 'palindrome-counterexample/1', id: idOf(content), ...content };

function without(path: string): string {
  const copy = structuredClone(example) as unknown as Record<string, unknown>;
  const keys = path.replace('[]', '').split('.');
  const last = keys.pop() ?? '';
  const owner = keys.reduce((value, key) => value[key] as Record<string, unknown>, copy);
  delete owner[last];
  return JSON.stringify(copy);
}

describe('palindrome-report/1', () => {
  it('should have the fields of the schema, and no others', () => {
    const wanted = [
      ...leaves(schema as unknown as JsonSchema, ''),
      ...['migration', 'result', 'counterexample'].flatMap((name) =>
        leaves({ properties: definitions[name]?.properties ?? {} }, name),
      ),
    ];
    expect(documentedLeaves(report).toSorted()).toEqual(wanted.toSorted());
  });

  it('should have the fields of datasets and findings', () => {
    const findings = Object.entries(definitions['finding']?.properties ?? {}).map(
      ([key, { items }]) => `finding.${key}${items === undefined ? '' : '[]'}`,
    );
    const datasets = leaves({ properties: definitions['dataset']?.properties ?? {} }, 'dataset');
    expect(documentedLeaves(shared)).toEqual([...datasets, ...findings]);
  });

  it('should name the exit codes that a report can have', () => {
    const [row = []] = tableRows(report, 'field').filter(([path]) => path === 'run.exitCode');
    expect(row[1]?.match(/\d+/g)?.map(Number)).toEqual(schema.$defs.run.properties.exitCode.enum);
    expect(tableRows(doc, 'code').map(([code]) => code)).toEqual(['0', '1', '2', '3', '4', '130']);
  });
});

describe('palindrome-counterexample/1', () => {
  const documented = tableRows(counterexample, 'field').map(([path = '']) => path);

  it('should have the fields of a counterexample, and no others', () => {
    expect(documented).toEqual(nested(example, ''));
    expect(parseCounterexample(JSON.stringify(example), 'x.json')).toEqual(example);
  });

  it.each(nested(example, ''))('should be refused without %s', (path) => {
    expect(() => parseCounterexample(without(path), 'x.json')).toThrow(
      expect.objectContaining({ code: 'counterexample-invalid' }),
    );
  });

  it('should be refused with another key at the top, and in a newer format', () => {
    const more = JSON.stringify({ ...example, more: 1 });
    expect(() => parseCounterexample(more, 'x.json')).toThrow(
      expect.objectContaining({ code: 'counterexample-invalid' }),
    );
    const newer = JSON.stringify({ ...example, format: 'palindrome-counterexample/2' });
    expect(() => parseCounterexample(newer, 'x.json')).toThrow(
      expect.objectContaining({ code: 'counterexample-newer' }),
    );
  });
});
