/** What the tests of both twins share: one campaign over many pairs, and its results pair by pair. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';
import type { PropertyId } from '../../harness/core/property.ts';
import type { Report, ReportResult } from '../../harness/core/report.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { folderOf, readFaultCases, type FaultCase } from './fault-cases.ts';

const ROOT = join(import.meta.dirname, '../..');
const SEED = 20_261_120;
const BAD_CASES = 40;
const GOOD_CASES = 12;
/** The first migration makes the schema and is the same in both twins: only what comes after it is judged. */
const AFTER_THE_FIRST = '*[2-9]_*';

/** Tests that each bad twin of a dialect is falsified by its property, in its clause, with as few rows as it says. */
export function describeBadTwins(dialect: FaultCase['dialect']): void {
  const faults = readFaultCases().filter((fault) => fault.dialect === dialect);
  describe.each(ALL_PROPERTIES.map(({ id }) => id))(`bad migrations of %s on ${dialect}`, (property) => {
    const mine = faults.filter((fault) => fault.property === property);
    let report: Report;

    beforeAll(async () => {
      report = await verifyFolders(
        mine.map((fault) => folderOf(fault, 'bad')),
        BAD_CASES,
        property,
      );
    }, 1_200_000);

    it.each(mine)('should falsify $name ($clause)', (fault: FaultCase) => {
      const falsified = resultsOf(report, folderOf(fault, 'bad')).filter(({ verdict }) => verdict === 'falsified');
      expect(falsified.map(({ clause }) => clause)).toContain(fault.clause);
      const result = falsified.find(({ clause }) => clause === fault.clause);
      expect(result?.counterexample?.rows, result?.reason).toBe(fault.minimalRows);
    });
  });
}

/** Tests that no property has anything to say against the good twins of a dialect. */
export function describeGoodTwins(dialect: FaultCase['dialect']): void {
  const faults = readFaultCases().filter((fault) => fault.dialect === dialect);
  describe(`good migrations on ${dialect}`, () => {
    let report: Report;

    beforeAll(async () => {
      report = await verifyFolders(
        faults.map((fault) => folderOf(fault, 'good')),
        GOOD_CASES,
      );
    }, 2_400_000);

    it.each(faults)('should hold in every property: $name', (fault: FaultCase) => {
      const results = resultsOf(report, folderOf(fault, 'good'));
      expect(results.length).toBeGreaterThan(0);
      const complaints = results.filter(({ verdict }) => verdict === 'falsified');
      expect(complaints.map(({ property, clause, reason }) => `${property}/${clause}: ${reason}`)).toEqual([]);
      expect(results.some(({ verdict }) => verdict === 'held')).toBe(true);
    });
  });
}

function resultsOf(report: Report, folder: string): readonly ReportResult[] {
  const set = report.sets.find(({ path }) => path === folder);
  return set?.migrations.flatMap(({ results }) => results) ?? [];
}

async function verifyFolders(folders: readonly string[], cases: number, property?: PropertyId): Promise<Report> {
  const store = await mkdtemp(join(tmpdir(), 'palindrome-faults-'));
  try {
    return await verify({
      paths: folders,
      cwd: ROOT,
      cases,
      seed: SEED,
      provider: 'embedded',
      only: AFTER_THE_FIRST,
      store,
      ...(property === undefined ? {} : { property: [property] }),
    });
  } finally {
    await rm(store, { recursive: true, force: true });
  }
}
