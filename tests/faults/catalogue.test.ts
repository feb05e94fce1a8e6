/**
 * The harness's own mutation test: every bad migration is falsified by the named property and clause with the expected number of rows,
 * and every good one holds in all properties that apply.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';
import type { PropertyId } from '../../harness/core/property.ts';
import type { Report, ReportResult } from '../../harness/core/report.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { folderOf, readFaultCases, type FaultCase } from './fault-cases.ts';

const SEED = 20_261_120;
const BAD_CASES = 40;
const GOOD_CASES = 12;
/** The first migration makes the schema and is the same in both twins: only what comes after it is judged. */
const AFTER_THE_FIRST = '*[2-9]_*';
const faults = readFaultCases();
const root = join(import.meta.dirname, '../..');
let store: string;

beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), 'palindrome-faults-'));
});

afterAll(async () => {
  await rm(store, { recursive: true, force: true });
});

function resultsOf(report: Report, folder: string): readonly ReportResult[] {
  const set = report.sets.find(({ path }) => path === folder);
  return set?.migrations.flatMap(({ results }) => results) ?? [];
}

function verifyFolders(folders: readonly string[], cases: number, property?: PropertyId): Promise<Report> {
  return verify({
    paths: folders,
    cwd: root,
    cases,
    seed: SEED,
    provider: 'embedded',
    only: AFTER_THE_FIRST,
    store,
    ...(property === undefined ? {} : { property: [property] }),
  });
}

describe('the fault catalogue', () => {
  it('should have a pair for every clause of every property', () => {
    const covered = new Set(faults.map(({ property, clause }) => `${property}/${clause}`));
    const wanted = ALL_PROPERTIES.flatMap(({ id, clauses }) => clauses.map((clause) => `${id}/${clause.id}`)).filter(
      // A user's own: each pair has another.
      (clause) => clause !== 'invariants-hold/<invariant id>',
    );
    expect(wanted.filter((clause) => !covered.has(clause))).toEqual([]);
    expect(faults.some(({ property }) => property === 'invariants-hold')).toBe(true);
  });
});

describe.each(ALL_PROPERTIES.map(({ id }) => id))('bad migrations of %s', (property) => {
  const mine = faults.filter((fault) => fault.property === property);
  let report: Report;

  beforeAll(async () => {
    report = await verifyFolders(
      mine.map((fault) => folderOf(fault, 'bad')),
      BAD_CASES,
      property,
    );
  }, 600_000);

  it.each(mine)('should falsify $name ($clause)', (fault: FaultCase) => {
    const falsified = resultsOf(report, folderOf(fault, 'bad')).filter(({ verdict }) => verdict === 'falsified');
    expect(falsified.map(({ clause }) => clause)).toContain(fault.clause);
    const result = falsified.find(({ clause }) => clause === fault.clause);
    expect(result?.counterexample?.rows, result?.reason).toBe(fault.minimalRows);
  });
});

describe('good migrations', () => {
  let report: Report;

  beforeAll(async () => {
    report = await verifyFolders(
      faults.map((fault) => folderOf(fault, 'good')),
      GOOD_CASES,
    );
  }, 900_000);

  it.each(faults)('should hold in every property: $name', (fault: FaultCase) => {
    const results = resultsOf(report, folderOf(fault, 'good'));
    expect(results.length).toBeGreaterThan(0);
    const complaints = results.filter(({ verdict }) => verdict === 'falsified');
    expect(complaints.map(({ property, clause, reason }) => `${property}/${clause}: ${reason}`)).toEqual([]);
    expect(results.some(({ verdict }) => verdict === 'held')).toBe(true);
  });
});
