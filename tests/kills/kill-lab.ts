/**
 * Where runs are killed. A run that nobody kills comes first: how long it takes says what moments there are, and what it reports is what a killed
 * one is compared with. A moment is a fraction of that time, so that it falls into starting, judging, reducing or cleaning up by chance.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import type { PostgresServer } from '../../harness/dialects/postgres/connection.ts';
import { waitForNothing } from '../providers/fixtures/look.ts';
import type { KillKind } from './kinds.ts';
import { MARK, foldersLeasedBy, leftBehind } from './left-behind.ts';
import { openNetwork } from './proxy.ts';
import type { Network } from './proxy.ts';
import { contradictionsOf, countSaid, readReported } from './reported.ts';
import type { Reported } from './reported.ts';
import { databasesOn, socketOf, sweepAsTheNextRun } from './shared-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const SETS = {
  postgres: join(ROOT, 'migrations/faults/rerun-idempotent/doubled-backfill/bad'),
  sqlite: join(ROOT, 'migrations/faults/rerun-idempotent/doubled-backfill-sqlite/bad'),
};
const PROPERTIES = 'applies,rollback-restores,rerun-idempotent';
const ASKED = {
  verify: ['--cases', '2', '--workers', '1', '--property', PROPERTIES],
  fuzz: ['--cases', '48', '--workers', '1', '--property', PROPERTIES],
} as const;
const SEED = '7';
/** After its victim is hit a run that goes on must have ended; a busy machine takes its time. */
const END_LIMIT_MS = 120_000;
/** The harness promises two seconds for what it started; containers are made and removed by somebody else. */
const GONE_LIMIT_MS = 15_000;
const TICK_MS = 3;
/** A clean run may have been slower than those that follow: the machine was busier, or files were read for the first time. */
const TRIES = 4;

/** What became of one moment. */
export interface Moment {
  readonly kind: string;
  /** Of the time that a clean run takes. */
  readonly fraction: number;
  /** When the victim was hit, milliseconds after the start; null: the run had ended before. */
  readonly hitAfterMs: number | null;
  readonly hit: string;
  readonly exitCode: number | null;
  /** Databases on the shared server when the run had ended; the next run drops them. */
  readonly databasesFirst: number;
  /** What is left in the end, in words. */
  readonly left: readonly string[];
  readonly contradictions: readonly string[];
  /** Verdicts, lines and counterexamples that were compared. */
  readonly compared: number;
}

export interface KillLab extends AsyncDisposable {
  /** Kills a run at a fraction of the time that a clean one takes. One that ends before is tried again, and hit nearer to its start. */
  kill(kind: KillKind, fraction: number): Promise<Moment>;
}

interface Clean {
  readonly reported: Reported;
  durationMs: number;
}

interface Run {
  readonly pid: number;
  readonly startedAt: number;
  /** Null where a signal ended it. */
  readonly ended: Promise<number | null>;
  isOver(): boolean;
  out(): string;
}

interface Setting {
  readonly folder: string;
  readonly temporary: string;
  readonly mark: string;
  readonly network: Network | null;
  readonly command: readonly string[];
}

export interface LabOptions {
  /** The command line without its arguments. */
  readonly command: readonly string[];
  readonly image: string | null;
}

/** Opens a lab. Disposing it stops the shared server and removes every file. */
export async function openKillLab({ command, image }: LabOptions): Promise<KillLab> {
  const home = await mkdtemp(join(os.tmpdir(), 'palindrome-kills-'));
  const temporary = join(home, 'tmp');
  await mkdir(temporary);
  await Promise.all(Object.entries(SETS).map(([name, set]) => cp(set, join(home, name), { recursive: true })));
  const cleans = new Map<string, Clean>();
  let shared: PostgresServer | null = null;
  let runs = 0;

  const shareServer = async (): Promise<PostgresServer> => {
    if (shared === null) {
      const request = { postgres: null, image: null, serverUrl: null, allowRemote: false, keep: false };
      const started = await embeddedProvider.start(request);
      if (started.dialect !== 'postgres') throw new Error('The embedded provider starts PostgreSQL.');
      shared = started;
    }
    return shared;
  };

  const prepare = async ({ name, dialect, provider }: KillKind): Promise<Setting> => {
    const folder = join(home, `${name}-${++runs}`);
    await cp(join(home, dialect), join(folder, 'set'), { recursive: true });
    const network = provider === 'server' ? await openNetwork(socketOf(await shareServer())) : null;
    return { folder, temporary, mark: `${process.pid}-${runs}`, network, command };
  };

  const start = (kind: KillKind, setting: Setting, more: readonly string[] = []): Run =>
    startRun(setting, [...argumentsOf(kind, setting, image), ...more]);

  const cleanOf = async (kind: KillKind): Promise<Clean> => {
    const key = [kind.dialect, kind.provider, kind.verb].join(' ');
    const known = cleans.get(key);
    if (known !== undefined) return known;
    const setting = await prepare(kind);
    await using network = setting.network;
    const run = start(kind, setting);
    const exitCode = await run.ended;
    await network?.cut();
    const clean = {
      reported: readReported(setting.folder, exitCode, run.out()),
      durationMs: performance.now() - run.startedAt,
    };
    if (exitCode !== 1) throw new Error(`A clean run with ${key} ends with ${exitCode}:\n${run.out()}`);
    cleans.set(key, clean);
    await rm(setting.folder, { recursive: true, force: true });
    return clean;
  };

  const killOnce = async (kind: KillKind, fraction: number): Promise<Moment> => {
    const clean = await cleanOf(kind);
    const setting = await prepare(kind);
    await using network = setting.network;
    const run = start(kind, setting);
    const folders = new Set<string>();
    const watch = setInterval(() => foldersLeasedBy(run.pid).forEach((folder) => folders.add(folder)), TICK_MS);
    try {
      const { hit, hitAfterMs } = await strikeAt(kind, run, network, fraction * clean.durationMs);
      if (hit === null) clean.durationMs = Math.min(clean.durationMs, performance.now() - run.startedAt);
      const ended = await Promise.race([run.ended, sleep(END_LIMIT_MS, 'hung' as const, { ref: false })]);
      if (ended === 'hung') process.kill(run.pid, 'SIGKILL');
      const exitCode = ended === 'hung' ? await run.ended : ended;
      // Held by nobody any more, what the server still has of this run must not stand in the way of the next.
      await network?.cut();
      foldersLeasedBy(run.pid).forEach((folder) => folders.add(folder));
      clearInterval(watch);
      const hasContainers = kind.provider === 'container';
      const look = (): string[] => leftBehind({ ...setting, pid: run.pid, folders, hasContainers });
      const left = await waitForNothing(look, GONE_LIMIT_MS);
      const server = kind.provider === 'server' ? await shareServer() : null;
      const databasesFirst = server === null ? [] : await databasesOn(server);
      if (server !== null) left.push(...(await sweepAsTheNextRun(server)));
      const reported = await readAfter(kind, setting, exitCode, run.out());
      await rm(setting.folder, { recursive: true, force: true });
      return {
        kind: kind.name,
        fraction,
        hitAfterMs,
        hit: hit ?? '–',
        exitCode,
        databasesFirst: databasesFirst.length,
        left: ended === 'hung' ? [`the run itself, ${END_LIMIT_MS / 1000} s later`, ...left] : left,
        contradictions: contradictionsOf(clean.reported, reported),
        compared: countSaid(reported),
      };
    } finally {
      clearInterval(watch);
      if (!run.isOver()) process.kill(run.pid, 'SIGKILL');
    }
  };

  /** A killed campaign is gone on with first: what it says in the end must be what it would have said. */
  const readAfter = async (
    kind: KillKind,
    setting: Setting,
    exitCode: number | null,
    out: string,
  ): Promise<Reported> => {
    const reported = readReported(setting.folder, exitCode, out);
    if (kind.verb !== 'fuzz' || exitCode !== null) return reported;
    const resumed = start(kind, setting, ['--resume']);
    const code = await resumed.ended;
    // Killed before its first visit, it left nothing to go on with, and says so.
    return code === 2 ? reported : readReported(setting.folder, code, out);
  };

  const kill = async (kind: KillKind, fraction: number): Promise<Moment> => {
    for (let tries = 1; ; tries++) {
      const moment = await killOnce(kind, fraction / tries);
      if (moment.hitAfterMs !== null || tries === TRIES) return moment;
    }
  };

  return {
    kill,
    async [Symbol.asyncDispose]() {
      await shared?.[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function argumentsOf({ verb, provider }: KillKind, { network }: Setting, image: string | null): readonly string[] {
  const where = {
    embedded: ['--provider', 'embedded'],
    container: ['--provider', 'container', ...(image === null ? [] : ['--image', image])],
    server: ['--server-url', `postgres://postgres@127.0.0.1:${network?.port ?? 0}/postgres`],
    sqlite: [],
  }[provider];
  return [
    verb,
    'set',
    '--seed',
    SEED,
    ...ASKED[verb],
    ...where,
    '--report',
    'terminal',
    '--report',
    'json=report.json',
  ];
}

function startRun({ command, folder, temporary, mark }: Setting, args: readonly string[]): Run {
  const { PATH = '', HOME = '', DOCKER_HOST } = process.env;
  const [program = '', ...rest] = [...command, ...args];
  const startedAt = performance.now();
  const child = spawn(program, rest, {
    cwd: folder,
    env: {
      PATH,
      HOME,
      TMPDIR: temporary,
      TESTCONTAINERS_RYUK_DISABLED: 'true',
      [MARK]: mark,
      ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let isOver = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      isOver = true;
      resolve(code);
    });
  });
  if (child.pid === undefined) throw new Error(`${program} could not be started.`);
  return { pid: child.pid, startedAt, ended, isOver: () => isOver, out: () => out };
}

/** Waits for the moment, and then until there is something to hit. */
async function strikeAt(
  kind: KillKind,
  run: Run,
  network: Network | null,
  momentMs: number,
): Promise<{ readonly hit: string | null; readonly hitAfterMs: number | null }> {
  await Promise.race([sleep(Math.max(0, momentMs - (performance.now() - run.startedAt))), run.ended]);
  while (!run.isOver()) {
    const hit = await kind.strike({ pid: run.pid, network });
    if (hit !== null) return { hit, hitAfterMs: Math.round(performance.now() - run.startedAt) };
    await sleep(TICK_MS);
  }
  return { hit: null, hitAfterMs: null };
}
