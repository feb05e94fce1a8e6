/** What is killed, and how. Each kind finds its victim by what the harness itself wrote down, so that nobody else's process is ever hit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './proxy.ts';
import { childrenOf, containersOf, foldersLeasedBy } from './left-behind.ts';

/** A run that is under way. */
interface Victim {
  readonly pid: number;
  /** Null where the run needs no shared server. */
  readonly network: Network | null;
}

export interface KillKind {
  readonly name: string;
  /** What is hit. */
  readonly hits: string;
  readonly dialect: 'postgres' | 'sqlite';
  readonly provider: 'embedded' | 'container' | 'server' | 'sqlite';
  /** `fuzz` is gone on with after the kill, and has to end as a campaign that nobody killed. */
  readonly verb: 'verify' | 'fuzz';
  /** Hits, and says what was hit; null: it is not there, or not any more. */
  strike(victim: Victim): Promise<string | null>;
}

export const KILL_KINDS: readonly KillKind[] = [
  {
    name: 'harness',
    hits: 'the harness, its embedded server running',
    dialect: 'postgres',
    provider: 'embedded',
    verb: 'verify',
    strike: killHarness,
  },
  {
    name: 'harness-of-sqlite',
    hits: 'the harness, with engine processes of SQLite',
    dialect: 'sqlite',
    provider: 'sqlite',
    verb: 'verify',
    strike: killHarness,
  },
  {
    name: 'harness-of-server',
    hits: 'the harness, its databases on a shared server',
    dialect: 'postgres',
    provider: 'server',
    verb: 'verify',
    strike: killHarness,
  },
  {
    name: 'harness-of-container',
    hits: 'the harness, its server in a container',
    dialect: 'postgres',
    provider: 'container',
    verb: 'verify',
    strike: killHarness,
  },
  {
    name: 'campaign',
    hits: 'the harness in the middle of a campaign',
    dialect: 'postgres',
    provider: 'embedded',
    verb: 'fuzz',
    strike: killHarness,
  },
  {
    name: 'server',
    hits: 'the embedded server (its postmaster)',
    dialect: 'postgres',
    provider: 'embedded',
    verb: 'verify',
    async strike({ pid }) {
      const postmaster = findPostmaster(pid);
      return postmaster === null ? null : killProcess(postmaster, 'postmaster');
    },
  },
  {
    name: 'backend',
    hits: 'one session of the embedded server, after which all of it restarts',
    dialect: 'postgres',
    provider: 'embedded',
    verb: 'verify',
    async strike({ pid }) {
      const postmaster = findPostmaster(pid);
      const session = postmaster === null ? undefined : childrenOf(postmaster, 'postgres: postgres ').at(-1);
      return session === undefined ? null : killProcess(session, 'session');
    },
  },
  {
    name: 'container',
    hits: 'the container with the server',
    dialect: 'postgres',
    provider: 'container',
    verb: 'verify',
    async strike({ pid }) {
      const [name] = containersOf(pid);
      if (name === undefined) return null;
      execFileSync('docker', ['kill', name], { stdio: 'ignore' });
      return `container ${name}`;
    },
  },
  {
    name: 'network',
    hits: 'the network to a shared server',
    dialect: 'postgres',
    provider: 'server',
    verb: 'verify',
    async strike({ network }) {
      return network === null ? null : `${await network.cut()} connections`;
    },
  },
  {
    name: 'sqlite-engine',
    hits: 'a process that runs SQLite',
    dialect: 'sqlite',
    provider: 'sqlite',
    verb: 'verify',
    async strike({ pid }) {
      const engine = childrenOf(pid, 'engine-main').at(-1);
      return engine === undefined ? null : killProcess(engine, 'engine');
    },
  },
];

async function killHarness({ pid }: Victim): Promise<string | null> {
  return killProcess(pid, 'harness');
}

function killProcess(pid: number, what: string): string | null {
  try {
    process.kill(pid, 'SIGKILL');
    return `${what} ${pid}`;
  } catch {
    return null;
  }
}

/** By the lease of the run and the file that the server keeps in its folder. */
function findPostmaster(pid: number): number | null {
  for (const folder of foldersLeasedBy(pid)) {
    try {
      const [number = ''] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
      if (Number(number) > 0) return Number(number);
    } catch {
      // The server of this lease is not up yet.
    }
  }
  return null;
}
