import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { CampaignEvent } from '../../harness/cli/library.ts';
import { failuresOf, fuzzIn, GOOD, LOSSY, makeSetFolder, writeSet } from './sets.ts';

const PROPERTY = ['rollback-restores'] as const;

it('should go on after failures, tell each object once, and end with its cases', async () => {
  await using folder = await makeSetFolder(LOSSY);
  const rounds: Extract<CampaignEvent, { type: 'round-finished' }>[] = [];
  const report = await fuzzIn(folder.path, {
    cases: 120,
    property: PROPERTY,
    onEvent: (event) => {
      if (event.type === 'round-finished') rounds.push(event);
    },
  });
  expect(report.run).toMatchObject({ verb: 'fuzz', exitCode: 1, stoppedBecause: 'the 120 cases were used up' });
  const failures = failuresOf(report);
  expect(failures.map(({ migration, clause }) => `${migration} ${clause}`)).toEqual([
    '0002_drop data',
    '0002_drop data',
  ]);
  expect(new Set(failures.map(({ reason }) => /users\.\w+/u.exec(reason)?.[0]))).toEqual(
    new Set(['users.bio', 'users.nick']),
  );
  expect(failures.every(({ counterexample }) => counterexample?.rows === 1)).toBe(true);
  expect(report.fuzz?.cases).toBe(120);
  expect(report.fuzz?.rounds).toBeGreaterThan(1);
  expect(report.fuzz?.canary).toEqual({ judged: report.fuzz?.rounds, falsified: report.fuzz?.rounds });
  expect(Math.min(...Object.values(report.fuzz?.spentMs ?? { none: 0 }))).toBeGreaterThan(0);
  expect(rounds[0]).toMatchObject({ round: 1, swarm: [], visits: 3 });
  expect(rounds[1]?.swarm.length).toBeGreaterThan(0);
});

it('should give the same failures for the same seed and cases', async () => {
  const run = async () => {
    await using folder = await makeSetFolder(LOSSY);
    const { sets } = await fuzzIn(folder.path, { cases: 70, property: PROPERTY });
    return sets.flatMap(({ migrations }) =>
      migrations.map(({ name, results }) => ({
        name,
        results: results.map(({ verdict, cases, rows, counterexample }) => ({
          verdict,
          cases,
          rows,
          id: counterexample?.id,
        })),
      })),
    );
  };
  expect(await run()).toEqual(await run());
});

it('should begin with what is new or changed, and run stored cases first', async () => {
  await using folder = await makeSetFolder(LOSSY);
  await fuzzIn(folder.path, { cases: 110, property: PROPERTY });
  await writeSet(folder.path, { '0003_index.up.sql': 'CREATE INDEX users_email ON users (email, id);\n' });
  const found: string[] = [];
  const order: string[] = [];
  const report = await fuzzIn(folder.path, {
    cases: 40,
    seed: 8,
    property: PROPERTY,
    onEvent: (event) => {
      if (event.type === 'failure-found') found.push(`${event.migration} ${event.caseIndex}`);
      if (event.type === 'progress' && order.at(-1) !== event.migration) order.push(event.migration);
    },
  });
  expect(order[0]).toBe('0003_index');
  expect(found[0]).toBe('0002_drop 0');
  expect(failuresOf(report).length).toBeGreaterThan(0);
  const stored = await readdir(path.join(folder.path, '.palindrome/counterexamples'));
  expect(stored.filter((name) => name.endsWith('.json')).length).toBe(2);
});

it('should keep its time, and say that it was the time', async () => {
  await using folder = await makeSetFolder(GOOD);
  const report = await fuzzIn(folder.path, { forMs: 4_000, property: PROPERTY });
  expect(report.run.stoppedBecause).toBe('the time of 4s was used up');
  expect(report.run.durationMs).toBeGreaterThan(3_900);
  expect(report.run.durationMs).toBeLessThan(12_000);
  expect([0, 4]).toContain(report.run.exitCode);
});

it('should never end with 0 where no case ran', async () => {
  await using folder = await makeSetFolder(GOOD);
  const report = await fuzzIn(folder.path, { forMs: 1, property: PROPERTY });
  expect(report.fuzz?.cases).toBe(0);
  expect(report.run.exitCode).toBe(4);
});

it('should end with complete reports when it is interrupted, and go on from there', async () => {
  await using folder = await makeSetFolder(LOSSY);
  const stop = new AbortController();
  let cases = 0;
  const first = await fuzzIn(folder.path, {
    cases: 160,
    property: PROPERTY,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'round-finished') cases += event.cases;
      if (event.type === 'round-finished' && event.round === 2) stop.abort();
    },
  });
  expect(first.run).toMatchObject({ exitCode: 130, stoppedBecause: 'interrupted' });
  expect(first.sets[0]?.migrations.map(({ name }) => name)).toEqual(['0001_users', '0002_drop', '0003_index']);
  expect(first.fuzz?.cases).toBe(cases);
  const known = failuresOf(first).map(({ counterexample }) => counterexample?.id);
  const second = await fuzzIn(folder.path, { resume: true, property: PROPERTY });
  expect(second.run).toMatchObject({ seed: 7, stoppedBecause: 'the 160 cases were used up' });
  expect(second.fuzz).toMatchObject({ cases: 160, resumed: 1 });
  expect(failuresOf(second).map(({ counterexample }) => counterexample?.id)).toEqual(expect.arrayContaining(known));
  expect(failuresOf(second).length).toBe(2);
  await expect(fuzzIn(folder.path, { resume: true, property: PROPERTY })).rejects.toMatchObject({
    code: 'nothing-to-resume',
  });
});

it('should refuse to go on with other properties than it was started with', async () => {
  await using folder = await makeSetFolder(GOOD);
  const stop = new AbortController();
  await fuzzIn(folder.path, {
    property: PROPERTY,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'round-finished') stop.abort();
    },
  });
  await expect(fuzzIn(folder.path, { resume: true })).rejects.toMatchObject({ code: 'resume-differs' });
  const [journal = ''] = await readdir(path.join(folder.path, '.palindrome/fuzz'));
  const text = await readFile(path.join(folder.path, '.palindrome/fuzz', journal), 'utf8');
  expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ format: 'palindrome-fuzz/1', seed: 7 });
});
