import { expect, it } from 'vitest';
import { type FailureRequest, recordFailure } from '../../harness/campaign/record-failure.ts';
import type { CaseRun } from '../../harness/campaign/subject.ts';
import type { Dataset } from '../../harness/core/dataset.ts';
import type { Finding } from '../../harness/core/property.ts';
import type { Moment } from '../../harness/core/trace.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';

const script = { file: '1_a.sql', text: 'SELECT 1;', sha256: '', transaction: 'autocommit' as const, chunks: [] };
const finding = { clause: 'data', object: 't', message: 'it differs', catalogChanges: [], tableDifferences: [], fault: null, at: null, wayOut: null } satisfies Finding; // prettier-ignore
const dataset: Dataset = {
  tables: [{ table: 't', columns: ['a'], rows: Array.from({ length: 90 }, (_, at) => [`${at}`]) }],
};

/** How many trajectories are spent on a failure that three of the rows show together. */
async function attemptsOf({ isAborted, timesOut }: { isAborted: boolean; timesOut: boolean }): Promise<number> {
  let attempts = 0;
  const stop = new AbortController();
  if (isAborted) stop.abort();
  const outcome = timesOut
    ? { status: 'timed-out', limitMs: 1, at: null, durationMs: 1 }
    : { status: 'completed', statements: 1, durationMs: 1 };
  const moment = {
    name: 'after-up',
    step: { direction: 'up', outcome },
    violations: [],
    snapshot: { tables: new Map() },
  } as unknown as Moment;
  const runCase = (loaded: Dataset): Promise<CaseRun> => {
    attempts++;
    const trace = { scenario: 'standard', moments: [moment], endedEarly: null, preconditionRows: 0, evidence: null };
    const traces = loaded.tables.some(({ rows }) => ['0', '45', '89'].every((cell) => rows.some(([a]) => a === cell)))
      ? [trace]
      : [];
    return Promise.resolve({ loaded, refused: [], traces, unusable: null });
  };
  const set = { name: 's', path: 's', layout: 'plain', dialect: 'sqlite', migrations: [], notes: [] };
  const request = {
    plan: {
      emit: () => undefined,
      effort: 'explain',
      kept: null,
      signal: stop.signal,
      seed: 1,
      toolVersion: '0',
      store: { shownAs: '', save: () => Promise.resolve({}) },
    },
    subject: {
      planned: {
        set,
        dialect: sqliteDialect,
        source: {
          settle: (_model: unknown, given: unknown) => given,
          simplerCells: () => [],
          generate: () => ({ tables: [] }),
        },
        invariants: [],
        conservations: [],
      },
      migration: { id: '1', name: '1_a', up: script, down: null },
      model: { dialect: 'sqlite', tables: [] },
      index: 0,
      runCase,
    },
    engine: { version: '3', provider: 'sqlite' },
    property: { id: 'applies', needs: 'after-up', judge: () => ({ status: 'falsified', findings: [finding] }) },
    finding,
    context: {},
    dataset,
    caseIndex: 0,
    scenario: 'standard',
    onAttempt: () => undefined,
  };
  await recordFailure(request as unknown as FailureRequest);
  return attempts - 1;
}

it('should reduce until nothing more can go, unless scripts do not end', async () => {
  const spent = await attemptsOf({ isAborted: false, timesOut: false });
  expect(spent).toBeGreaterThan(7);
  expect(await attemptsOf({ isAborted: false, timesOut: true })).toBeLessThan(spent);
});

it('should reduce no further when the run is interrupted', async () => {
  expect(await attemptsOf({ isAborted: true, timesOut: false })).toBe(0);
});
