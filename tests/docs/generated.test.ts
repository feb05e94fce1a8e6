/** The parts that `npm run docs` writes are up to date, and every property has its own. */
import { describe, expect, it } from 'vitest';
import { GENERATED_DOCS, partsOf, regenerate } from '../../scripts/write-docs.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { readFaultCases } from '../faults/fault-cases.ts';
import { readDoc, section } from './markdown.ts';

/** What the formatter does to tables is no difference. */
function withoutPadding(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

it.each(GENERATED_DOCS)('should be up to date in %s (else: npm run docs)', (file) => {
  const text = readDoc(file);
  expect(partsOf(text).length).toBeGreaterThan(0);
  expect(withoutPadding(text)).toBe(withoutPadding(regenerate(text)));
});

it('should be found out of date where a part was changed', () => {
  const text = readDoc('docs/properties.md');
  const changed = text.replace('ALTER COLUMN email SET NOT NULL', 'ALTER COLUMN email DROP NOT NULL');
  expect(changed).not.toBe(text);
  expect(withoutPadding(regenerate(changed))).toBe(withoutPadding(regenerate(text)));
});

it('should refuse a part that nothing generates', () => {
  expect(() => regenerate('<!-- generated: nonsense -->\n<!-- /generated -->')).toThrow('nonsense');
});

describe('properties', () => {
  const text = readDoc('docs/properties.md');

  it.each(ALL_PROPERTIES.map(({ id }) => id))('should have the law of %s and an example of its own', (id) => {
    const [law, example = ''] = partsOf(section(text, `## ${id}`));
    expect(law).toBe(`law ${id}`);
    const name = example.replace('example ', '');
    expect(readFaultCases().find((fault) => fault.name === name)?.property).toBe(id);
    expect(section(text, `## ${id}`)).toMatch(/^- Inapplicable: /m);
    expect(section(text, `## ${id}`)).toMatch(/^- Exceptions?: |^- Where the layout's tool keeps a ledger/m);
  });
});
