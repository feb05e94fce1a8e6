/** A counterexample made by hand, and a folder of its own for a test. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Counterexample, idOf } from '../../harness/core/counterexample.ts';
import type { HistoryEntry } from '../../harness/core/history.ts';

const hash = '0'.repeat(64);

/** An example whose one row holds `value`: another value is another example. */
export function makeExample(value = 'one', over: Partial<Counterexample> = {}): Counterexample {
  const content = {
    format: 'palindrome-counterexample/1',
    tool: { version: '0.1.0' },
    set: { name: 'm', path: 'm', layout: 'plain', dialect: 'sqlite' },
    migration: { id: '1', name: '1_a', upSha256: hash, downSha256: null },
    before: [],
    schemaFingerprint: hash,
    engine: { version: '3.53.2', provider: 'sqlite' },
    scenario: 'standard',
    property: 'rollback-restores',
    clause: 'data',
    seed: 1,
    caseIndex: 0,
    shrinks: 0,
    dataset: { tables: [{ table: 't', columns: ['a'], rows: [[`'${value}'`]] }] },
    finding: {
      clause: 'data',
      message: 'main.t lost its value',
      object: 'main.t.a',
      catalogChanges: [],
      tableDifferences: [],
      fault: null,
      at: null,
      wayOut: null,
    },
    ...over,
  } satisfies Omit<Counterexample, 'id'>;
  return { ...content, id: idOf(content) };
}

/** A folder that is not there yet, and what takes it away. */
export async function makeStoreFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-store-'));
  return {
    path: path.join(folder, 'store'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A run as histories keep it. */
export const sampleRun: HistoryEntry = {
  format: 'palindrome-run/1',
  id: 'abc',
  at: '2026-01-01T00:00:00.000Z',
  verb: 'fuzz',
  tool: '0.1.0',
  seed: 7,
  exitCode: 1,
  stoppedBecause: 'finished',
  durationMs: 12,
  sets: ['m'],
  only: null,
  properties: null,
  migrations: 1,
  cases: 8,
  verdicts: { held: 1, falsified: 1, inconclusive: 0, inapplicable: 0 },
  accepted: 0,
  failures: [{ set: 'm', migration: '1_a', property: 'rollback-restores', clause: 'data', object: 'main.t.a' }],
  decided: [],
};
