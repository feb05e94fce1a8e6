/** The parts that `npm run docs` writes are up to date, and every property has a page of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstText, missingPages, PAGES, readCounterexamples } from '../../scripts/property-pages.ts';
import { findCounterexample } from '../../scripts/record-counterexamples.ts';
import { generatedDocs, partsOf, regenerate } from '../../scripts/write-docs.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { readFaultCases } from '../faults/fault-cases.ts';
import { readDoc, section } from './markdown.ts';

/** What the formatter does to tables is no difference. */
function withoutPadding(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

it.each(generatedDocs())('should be up to date in %s (else: npm run docs)', (file) => {
  const text = readDoc(file);
  expect(partsOf(text).length).toBeGreaterThan(0);
  expect(withoutPadding(text)).toBe(withoutPadding(regenerate(text)));
});

it('should be found out of date where a part was changed', () => {
  const text = readDoc('docs/properties/applies.md');
  const changed = text.replace('ALTER COLUMN email SET NOT NULL', 'ALTER COLUMN email DROP NOT NULL');
  expect(changed).not.toBe(text);
  expect(withoutPadding(regenerate(changed))).toBe(withoutPadding(regenerate(text)));
});

it('should refuse a part that nothing generates', () => {
  expect(() => regenerate('<!-- generated: nonsense -->\n<!-- /generated -->')).toThrow('nonsense');
});

describe('the pages of properties', () => {
  it('should be there for every property of the catalogue', () => {
    expect(missingPages()).toEqual([]);
    expect(PAGES.length).toBe(ALL_PROPERTIES.length);
  });

  it.each(ALL_PROPERTIES.map(({ id }) => id))('should have the parts of %s, about a pair of its own', (id) => {
    const text = readDoc(`docs/properties/${id}.md`);
    const parts = partsOf(text);
    const example = parts.find((part) => part.startsWith('example '))?.replace('example ', '') ?? '';
    expect(readFaultCases().find((fault) => fault.name === example)?.property).toBe(id);
    expect(parts).toEqual([
      `law ${id}`,
      `exception ${id}`,
      `example ${example}`,
      `counterexample ${example}`,
      `pairs ${id}`,
    ]);
    expect(section(text, '## Declaring an exception')).toContain(`-- palindrome: ignore ${id} because`);
    expect(section(text, '## A counterexample')).toMatch(/^> \*\*/m);
  });

  it('should begin with all parts where a property is new', () => {
    const text = firstText('applies', 'applies/not-null-on-null-data');
    expect(regenerate(text)).toContain('ALTER COLUMN email SET NOT NULL');
    expect(partsOf(text).length).toBe(5);
  });

  it('should show what a run finds today', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'palindrome-page-'));
    try {
      const name = 'rollback-restores/nullable-column-comes-back-empty';
      const { engine: _engine, ...found } = await findCounterexample(name, folder);
      expect(readCounterexamples()[name]).toMatchObject(found);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 300_000);
});
