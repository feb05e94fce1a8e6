/**
 * Every attribute that `rollback-restores/schema` promises has a pair, and the pair is about that attribute: what its scripts leave in
 * the catalog is looked at, not only what its case.json says.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESTORED_ATTRIBUTES } from '../../properties/restored-attributes.ts';
import { openCatalogs, type Catalogs } from './catalog-changes.ts';
import { readFaultCases, type FaultCase } from './fault-cases.ts';

const DIALECTS = ['postgres', 'sqlite'] as const;
const schemaFaults = readFaultCases().filter(
  ({ property, clause }) => property === 'rollback-restores' && clause === 'schema',
);

/** Promised attributes without a pair that declares them. */
function withoutPair(dialect: FaultCase['dialect'], faults: readonly FaultCase[]): readonly string[] {
  const declared = new Set(faults.filter((fault) => fault.dialect === dialect).map(({ attribute }) => attribute));
  return RESTORED_ATTRIBUTES[dialect].filter((attribute) => !declared.has(attribute));
}

describe('the promised attributes of the catalog', () => {
  it.each(DIALECTS)('should each have a pair of its own: %s', (dialect) => {
    expect(withoutPair(dialect, schemaFaults)).toEqual([]);
    expect(new Set(RESTORED_ATTRIBUTES[dialect]).size).toBe(RESTORED_ATTRIBUTES[dialect].length);
  });

  it.each(DIALECTS)('should be promised wherever a pair names one: %s', (dialect) => {
    const declared = schemaFaults.filter((fault) => fault.dialect === dialect);
    const strangers = declared.filter(({ attribute }) => !RESTORED_ATTRIBUTES[dialect].includes(attribute ?? ''));
    expect(strangers.map(({ name, attribute }) => `${name}: ${attribute}`)).toEqual([]);
  });

  it('should be missed where their pair is taken away', () => {
    const others = schemaFaults.filter(({ attribute }) => attribute !== 'column: storage');
    expect(withoutPair('postgres', others)).toEqual(['column: storage']);
  });
});

describe('the pairs of rollback-restores/schema', () => {
  let catalogs: Catalogs;

  beforeAll(async () => {
    catalogs = await openCatalogs();
  });

  afterAll(async () => {
    await catalogs[Symbol.asyncDispose]();
  });

  it.each(schemaFaults)('should differ in what $name is about: $attribute', async (fault) => {
    expect(await catalogs.changesOf(fault, 'bad')).toContain(fault.attribute);
    expect(await catalogs.changesOf(fault, 'good')).toEqual([]);
  });
});
