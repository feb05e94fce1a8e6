/** `--keep` leaves one database up: that of the first failure, whichever set it is in. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { sweep } from '../../harness/providers/sweep.ts';
import { makeFolder, runCli } from './run-cli.ts';

const SCHEMA = '-- palindrome: dialect postgres\nCREATE TABLE t (id integer PRIMARY KEY, a text);\n';
const FILES = {
  'held/1_a.up.sql': SCHEMA,
  'held/1_a.down.sql': 'DROP TABLE t;\n',
  'lossy/1_a.up.sql': SCHEMA,
  'lossy/1_a.down.sql': 'DROP TABLE t;\n',
  'lossy/2_b.up.sql': 'ALTER TABLE t DROP COLUMN a;\n',
  'lossy/2_b.down.sql': 'ALTER TABLE t ADD COLUMN a text;\n',
};

/** Ends a server that was left up, as docs/providers.md says. */
async function removeKept(host: string): Promise<void> {
  const lease = JSON.parse(await readFile(`${host}.lease`, 'utf8')) as { owner: { pid: number }; runId: string };
  process.kill(lease.owner.pid, 'SIGQUIT');
  for (let tries = 0; tries < 100; tries++) {
    if ((await sweep()).removed.includes(lease.runId)) return;
    await sleep(50);
  }
  throw new Error(`the run ${lease.runId} could not be removed`);
}

test('should leave the database of a failure in the second set up, and no other', async () => {
  await using folder = await makeFolder(FILES);
  const args = ['verify', 'held', 'lossy', '--cases', '3', '--seed', '1', '--keep', '--provider', 'embedded'];
  const { code, err } = await runCli(args, folder.path);
  expect(code).toBe(1);
  const address = /kept as the failure left it:\s+(\S+)/u.exec(err)?.[1] ?? '';
  expect(address).toMatch(/^postgresql:/u);
  const url = new URL(address.replace('@/', '@localhost/'));
  const host = url.searchParams.get('host') ?? '';
  try {
    const client = new pg.Client({ host, port: 5432, user: 'postgres', database: url.pathname.slice(1) });
    await client.connect();
    try {
      const rows = await client.query<{ a: string | null }>('SELECT a FROM t');
      expect(rows.rows).toEqual([{ a: null }]);
      const others = await client.query(`SELECT datname FROM pg_database WHERE datname LIKE 'palindrome%'`);
      expect(others.rows).toEqual([{ datname: url.pathname.slice(1) }]);
    } finally {
      await client.end();
    }
  } finally {
    await removeKept(host);
  }
});

test('should leave nothing up where nothing failed', async () => {
  await using folder = await makeFolder(FILES);
  const { code, err } = await runCli(
    ['verify', 'held', '--cases', '3', '--keep', '--provider', 'embedded'],
    folder.path,
  );
  expect(code).toBe(0);
  expect(err).not.toContain('kept');
});
