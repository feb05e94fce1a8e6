/** The short form of `npm run kills`: one moment of those kinds that need no container engine and tell most. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill } from '../providers/fixtures/look.ts';
import { openKillLab } from './kill-lab.ts';
import type { KillLab } from './kill-lab.ts';
import { KILL_KINDS } from './kinds.ts';
import { MARK, leftBehind } from './left-behind.ts';
import { contradictionsOf, readReported } from './reported.ts';
import type { Reported } from './reported.ts';

const ROOT = join(import.meta.dirname, '../..');
const COMMAND = [
  process.execPath,
  '--import',
  join(ROOT, 'node_modules/tsx/dist/esm/index.mjs'),
  join(ROOT, 'harness/cli/main.ts'),
];
/** Of the time that a clean run takes: early enough that none has ended, late enough that each has begun. */
const FRACTIONS: Readonly<Record<string, number>> = {
  harness: 0.55,
  'harness-of-sqlite': 0.5,
  server: 0.5,
  network: 0.6,
  'sqlite-engine': 0.5,
};
const kinds = KILL_KINDS.filter(({ name }) => name in FRACTIONS);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palindrome-killed-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a run in which something is killed', () => {
  let lab: KillLab;

  beforeAll(async () => {
    lab = await openKillLab({ command: COMMAND, image: null });
  });

  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it.each(kinds)(
    'should leave nothing and say nothing that a clean run denies: $hits',
    async (kind) => {
      const moment = await lab.kill(kind, FRACTIONS[kind.name] ?? 0.5);
      expect(moment.hitAfterMs).not.toBeNull();
      expect(moment).toMatchObject({ left: [], contradictions: [] });
      // A server that is killed while it starts is started once more; later it is the environment's fault.
      expect(kind.name.startsWith('harness') ? [null] : [1, 3]).toContain(moment.exitCode);
    },
    300_000,
  );
});

describe('a lab that looks for what is left', () => {
  it('should see a process that outlived its run, and a temporary file', async () => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    writeFileSync(join(temporary, 'forgotten'), '');
    const survivor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { env: { [MARK]: 'left-test' } });
    try {
      const traces = {
        mark: 'left-test',
        pid: survivor.pid ?? 0,
        temporary,
        folders: new Set<string>(),
        hasContainers: false,
      };
      await expect
        .poll(() => leftBehind(traces))
        .toEqual([expect.stringContaining(`process ${survivor.pid}`), 'temporary file forgotten']);
    } finally {
      await kill(survivor, 'SIGKILL');
    }
  });
});

describe('a lab that compares what was said', () => {
  const clean: Reported = {
    exitCode: 1,
    verdicts: new Map([
      ['0002_lots applies', 'held'],
      ['0002_lots rerun-idempotent/silent-change', 'falsified'],
    ]),
    printed: new Set(['rerun-idempotent/silent-change']),
    lines: new Set(['✓ 0001_schema 7 held']),
    stored: new Set(['0002_lots rerun-idempotent/silent-change']),
    broken: [],
  };
  const silent: Reported = {
    exitCode: null,
    verdicts: null,
    printed: new Set(),
    lines: new Set(),
    stored: new Set(),
    broken: [],
  };

  it('should not hold silence, or an open verdict, against a run', () => {
    const open = new Map([['0002_lots applies', 'inconclusive']]);
    expect(contradictionsOf(clean, silent)).toEqual([]);
    expect(contradictionsOf(clean, { ...silent, exitCode: 4, verdicts: open })).toEqual([]);
  });

  it.each<[string, Partial<Reported>]>([
    ['exit code', { exitCode: 0 }],
    ['verdict', { verdicts: new Map([['0002_lots applies', 'falsified']]) }],
    ['property that did not hold', { verdicts: new Map([['0002_lots rerun-idempotent', 'held']]) }],
    ['printed failure', { printed: new Set(['applies/rejects']) }],
    ['printed line', { lines: new Set(['✓ 0002_lots 8 held']) }],
    ['stored failure', { stored: new Set(['0002_lots applies/rejects']) }],
    ['half-written file', { broken: ['a.json is not whole'] }],
  ])('should hold a wrong %s against it', (_what, said) => {
    expect(contradictionsOf(clean, { ...silent, ...said })).toHaveLength(1);
  });

  it('should read what a run printed and stored, and see what was cut', () => {
    const run = join(folder, 'run');
    const store = join(run, '.palindrome', 'counterexamples');
    mkdirSync(store, { recursive: true });
    const example = { migration: { name: '0002_lots' }, property: 'rerun-idempotent', clause: 'silent-change' };
    writeFileSync(join(store, 'a.json'), JSON.stringify(example));
    writeFileSync(join(store, 'b.json'), JSON.stringify(example).slice(0, 20));
    writeFileSync(join(store, '.c.json.1.1.tmp'), '');
    const out = [
      '✓ 0001_schema             7 held, 4 inapplicable                  6 cases, 2.8 s',
      '✗ 0002_lots               6 held, 2 falsified                      6 cases, 20 s',
      '    ✗ rerun-idempotent/silent-change: after a second run of the up script, public.lots has 1 row',
      '✓ 14 held   ✗ 2 falsified   – 7 inapplicable   in 2 migrations',
    ].join('\n');
    const said = readReported(run, 1, out);
    expect(said).toMatchObject({
      verdicts: null,
      printed: new Set(['rerun-idempotent/silent-change']),
      lines: new Set(['✓ 0001_schema 7 held, 4 inapplicable', '✗ 0002_lots 6 held, 2 falsified']),
      stored: new Set(['0002_lots rerun-idempotent/silent-change']),
    });
    expect(said.broken).toHaveLength(2);
  });
});
