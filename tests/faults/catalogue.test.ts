/**
 * The harness's own mutation test is complete: every property and every clause has a pair, and every pair says what it stands for. That
 * the bad twins are falsified and the good ones hold is tested beside, a file for each twin and dialect.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROPERTY_IDS } from '../../harness/core/property.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { readFaultCases, type FaultCase } from './fault-cases.ts';
import { readRecorded, SEEDS } from './recorded.ts';
import { findTable, isPerfect, renderMarkdown, rowsOf } from './table.ts';

const ROOT = join(import.meta.dirname, '../..');
const LEAST_PAIRS = 120;
const DIALECTS = ['postgres', 'sqlite'] as const;
const faults = readFaultCases();

const CASE = z.strictObject({
  name: z.string(),
  property: z.enum(PROPERTY_IDS),
  clause: z.string().min(1),
  attribute: z.string().min(1).optional(),
  dialect: z.enum(DIALECTS),
  layout: z.string().min(1),
  bug: z.string().regex(/^\S.*\.$/su),
  seen: z.url({ protocol: /^https$/ }).nullable(),
  minimalRows: z.int().nonnegative(),
});

/** `<property> on <dialect>` for what no pair is about. */
function propertiesWithoutPair(known: readonly FaultCase[]): readonly string[] {
  const covered = new Set(known.map(({ property, dialect }) => `${property} on ${dialect}`));
  return ALL_PROPERTIES.flatMap(({ id }) => DIALECTS.map((dialect) => `${id} on ${dialect}`)).filter(
    (each) => !covered.has(each),
  );
}

describe('the fault catalogue', () => {
  it('should have a pair for every property on both dialects', () => {
    expect(propertiesWithoutPair(faults)).toEqual([]);
    expect(faults.length).toBeGreaterThanOrEqual(LEAST_PAIRS);
  });

  it('should notice a property without a pair', () => {
    const others = faults.filter(({ property, dialect }) => property !== 'has-effect' || dialect !== 'sqlite');
    expect(propertiesWithoutPair(others)).toEqual(['has-effect on sqlite']);
  });

  it('should have a pair for every clause of every property', () => {
    const covered = new Set(faults.map(({ property, clause }) => `${property}/${clause}`));
    const wanted = ALL_PROPERTIES.flatMap(({ id, clauses }) => clauses.map((clause) => `${id}/${clause.id}`)).filter(
      // A user's own: each pair has another.
      (clause) => clause !== 'invariants-hold/<invariant id>',
    );
    expect(wanted.filter((clause) => !covered.has(clause))).toEqual([]);
  });

  it.each(faults)('should say what $name stands for', async (fault) => {
    expect(() => CASE.parse(fault)).not.toThrow();
    expect(fault.name.startsWith(`${fault.property}/`)).toBe(true);
    const [bad, good] = await Promise.all(
      ['bad', 'good'].map((twin) =>
        readFile(join(ROOT, 'migrations/faults', fault.name, twin, '1_schema.up.sql'), 'utf8').catch(() => null),
      ),
    );
    expect(bad).toBe(good);
  });
});

describe('what npm run faults saw', () => {
  it('should be what the README shows', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    expect(findTable(readme)).toBe(renderMarkdown(rowsOf(faults, readRecorded()), SEEDS));
  });

  it('should be all bugs and no false alarms, with every seed', () => {
    const recorded = readRecorded();
    expect(recorded.size).toBeGreaterThan(0);
    const flawed = [...recorded].filter(([, seen]) => !isPerfect(seen) || seen.needed.length !== SEEDS);
    expect(flawed.map(([name]) => name)).toEqual([]);
  });

  it('should say how many of the pairs were measured', () => {
    const [first, second] = faults.filter(({ property, dialect }) => property === 'applies' && dialect === 'postgres');
    if (first === undefined || second === undefined) throw new Error('there are two such pairs');
    const seen = new Map([[first.name, { needed: [1, 3], falseAlarms: [] }]]);
    expect(rowsOf([first, second], seen)[0]?.[2]).toBe('1 of 2');
    expect(rowsOf([first], seen)[0]?.[2]).toBe('1');
    expect(renderMarkdown(rowsOf([first, second], seen), 2)).toContain(
      'three pairs were measured with all seeds so far',
    );
    expect(renderMarkdown(rowsOf([first], seen), 2)).not.toContain('so far');
  });

  it('should not be taken for perfect where a bug was missed or a good twin complained about', () => {
    expect(isPerfect({ needed: [1, 100], falseAlarms: [] })).toBe(true);
    expect(isPerfect({ needed: [1, null], falseAlarms: [] })).toBe(false);
    expect(isPerfect({ needed: [1, 101], falseAlarms: [] })).toBe(false);
    expect(isPerfect({ needed: [1], falseAlarms: ['seed 1: has-effect/effect'] })).toBe(false);
  });
});
