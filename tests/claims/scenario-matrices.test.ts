/** What the hardened form of `scenario-matrices` must reach, and that each judgement of the key can fall. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText, Decimal } from '../../migrations/reference/scenario-matrices/matrix-key.ts';
import { openLab } from './lab.ts';
import type { OpenLab } from './lab.ts';
import { judgeCollision, judgeDifferentKeys, judgeLookup, judgeSameKey, judgeUniqueness } from './matrix-keys.ts';
import type { KeyOf } from './matrix-keys.ts';
import {
  judgeChangedFile,
  judgeDropOfRows,
  judgeExecution,
  judgeForeignTables,
  judgeRollbackOfRuns,
} from './matrix-runs.ts';

let store: string;
let lab: OpenLab;

beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), 'palindrome-matrix-keys-'));
  lab = openLab({ store, signal: new AbortController().signal });
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(store, { recursive: true, force: true });
});

describe('the hardened scenario matrices', () => {
  it.each([
    ['uniqueness', judgeUniqueness],
    ['collisions', judgeCollision],
    ['lookups', judgeLookup],
    ['runs through the ledger', judgeExecution],
    ['changed files', judgeChangedFile],
    ['rollbacks', judgeRollbackOfRuns],
    ['drops of rows', judgeDropOfRows],
    ['tables that are not its own', judgeForeignTables],
  ])('should hold in %s', async (_, judge) => {
    const outcome = await judge(lab, 'hardened');
    expect(outcome.verdict, outcome.evidence).toBe('held');
  });

  it('should not hold in lookups without its index', async () => {
    const tampering = 'DROP INDEX idx_scenario_matrices_matrix_key';
    const outcome = await judgeLookup(lab, 'hardened', tampering);
    expect(outcome).toMatchObject({ verdict: 'falsified' });
    expect(outcome.evidence).toContain('Seq Scan');
  });
});

/** As JSON would have it: numbers through doubles, bigints as their digits. */
const asWritten: KeyOf = (config) =>
  hash(
    JSON.stringify(config, (_, value: unknown) => {
      if (typeof value === 'bigint') return String(value);
      return value instanceof Decimal ? value.text : value;
    }),
  );

const wrongKeys: readonly [string, KeyOf, 'same' | 'different'][] = [
  ['keeps the order of fields and the writing of numbers', asWritten, 'same'],
  [
    'takes numbers for doubles',
    (config) => hash(canonicalText(config).replaceAll(/-?\d+(?:e-?\d+)?/gu, (digits) => String(Number(digits)))),
    'different',
  ],
  ['forgets the order of a list', (config) => hash(canonicalText(config).split('').toSorted().join('')), 'different'],
  ['takes null for missing', (config) => hash(canonicalText(config).replaceAll(/"[^"]*":null,?/gu, '')), 'different'],
  ['normalises text', (config) => hash(canonicalText(config).normalize('NFC')), 'different'],
  ['is one for everything', () => 'key', 'different'],
];

describe('the judgement of keys', () => {
  it.each(wrongKeys)('should fall for a key that %s', async (_, keyOf, what) => {
    const judge = what === 'same' ? judgeSameKey : judgeDifferentKeys;
    const outcome = await judge(undefined, undefined, keyOf);
    expect(outcome.verdict, outcome.evidence).toBe('falsified');
  });
});

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
