/** SQLite files and dumps as starting data, through the command line. */
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConnection } from '../../harness/dialects/sqlite/native-objects.ts';
import type { Report } from '../../harness/core/report.ts';
import { makeFolder, runCli } from '../cli/run-cli.ts';
import { findCanaries, readAll } from './canaries.ts';

const ROOT = join(import.meta.dirname, '../..');
const RISK = join(ROOT, 'migrations/reference/risk-daemon/hardened');
const ROWS = join(import.meta.dirname, 'fixtures/risk-rows.sql');
const SALT = { PALINDROME_ANONYMISE_SALT: 'a salt that is long enough' };

/** A database of the daemon at v1 whose last row is in its write-ahead log alone; nobody has it open. */
async function makeDaemon(folder: string): Promise<string> {
  const live = join(folder, 'live.sqlite');
  const file = join(folder, 'daemon.sqlite');
  const connection = openConnection(live);
  connection.pragma('journal_mode = wal');
  connection.exec(await readFile(join(RISK, '0001_v1_baseline.sql'), 'utf8'));
  connection.exec(await readFile(ROWS, 'utf8'));
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.exec(`INSERT INTO session_state VALUES (7734501, 'canary-in-wal', 'x', '2025-03-04T05:06:07Z')`);
  await copyFile(live, file);
  await copyFile(`${live}-wal`, `${file}-wal`);
  connection.close();
  return file;
}

async function look(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('daemon')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
}

/** A small set, to break. */
const SET = {
  'm/0001_users.up.sql': `-- palindrome: dialect sqlite\nCREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, plan TEXT NOT NULL DEFAULT 'FREE', boss INTEGER REFERENCES users (id), low INTEGER, high INTEGER, CHECK (low <= high));\n`,
  'm/0001_users.down.sql': 'DROP TABLE users;\n',
  'm/0002_lower.up.sql': 'CREATE UNIQUE INDEX users_lower ON users (lower(email));\n',
  'm/0002_lower.down.sql': 'DROP INDEX users_lower;\n',
};
const TABLE = SET['m/0001_users.up.sql'].replace(/^--.*\n/, '');
const dump = (rows: string): string => `PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n${TABLE}${rows}COMMIT;\n`;

describe('a database file', () => {
  it('should be masked with what is in its log, judged, and left as it was', async () => {
    await using folder = await makeFolder();
    const file = await makeDaemon(folder.path);
    const before = await look(folder.path);
    const args = [
      '--dataset',
      file,
      '--cases',
      '10',
      '--seed',
      '1',
      '--report',
      'json=report.json',
      '--report',
      'terminal',
      '--debug',
    ];
    const { code, out, err } = await runCli(['verify', RISK, ...args], folder.path, SALT);
    const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8')) as Report;
    const dataset = report.sets[0]?.dataset;
    expect(await look(folder.path)).toEqual(before);
    expect(dataset?.what).toBe('SQLite file');
    expect(dataset?.after).toBe('0001_v1_baseline');
    expect(dataset?.usedFor).toEqual([
      '0002_schema_version',
      '0003_analytics_indexes',
      '0004_enforcement_execution_time',
      '0005_daily_unrealized_pnl',
    ]);
    expect(dataset?.tables.find(({ table }) => table === 'session_state')).toMatchObject({
      rows: 2,
      taken: 2,
      loaded: 2,
    });
    expect(report.sets[0]?.migrations.map(({ results }) => results[0]?.cases)).toEqual([10, 11, 11, 11, 11]);
    expect(
      report.sets[0]?.migrations.flatMap(({ results }) => results.filter(({ verdict }) => verdict === 'falsified')),
    ).toEqual([]);
    expect([0, 4]).toContain(code);
    expect(findCanaries(out, err, JSON.stringify(report))).toEqual([]);
  }, 60_000);

  it('should show canaries to a test that can fail', async () => {
    expect(findCanaries(await readFile(ROWS, 'utf8'))).toContain('canary');
  });

  it('should be masked the same by the same salt, and otherwise without one', async () => {
    await using folder = await makeFolder();
    const file = await makeDaemon(folder.path);
    const masked = async (name: string, env: Record<string, string>): Promise<string> => {
      await runCli(['anonymise', RISK, '--dataset', file, '--out', name], folder.path, env);
      return readFile(join(folder.path, name), 'utf8');
    };
    const first = await masked('1.json', SALT);
    expect(await masked('2.json', SALT)).toBe(first);
    expect(await masked('3.json', {})).not.toBe(first);
    expect(findCanaries(first)).toEqual([]);
  }, 60_000);
});

describe('a dump', () => {
  it('should fail a migration as the real rows would, with masked rows in everything that is kept', async () => {
    await using folder = await makeFolder({
      ...SET,
      'staging.sql': dump(
        `INSERT INTO users VALUES(1,'Wilhelmina@secret-bank.example','GOLD-canary',NULL,3,918273);\nINSERT INTO users VALUES(2,'wilhelmina@SECRET-bank.example','FREE',1,5,7734501);\n`,
      ),
    });
    const args = ['--dataset', 'staging.sql', '--cases', '1', '--seed', '3', '--report', 'json=report.json', '--debug'];
    const { code, out, err } = await runCli(['verify', 'm', ...args], folder.path, SALT);
    const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8')) as Report;
    const applies = report.sets[0]?.migrations[1]?.results.find(({ property }) => property === 'applies');
    expect({ code, verdict: applies?.verdict, clause: applies?.clause, rows: applies?.counterexample?.rows }).toEqual({
      code: 1,
      verdict: 'falsified',
      clause: 'rejects',
      rows: 2,
    });
    expect(report.sets[0]?.dataset?.columns.find(({ column }) => column === 'plan')).toMatchObject({
      masked: 1,
      kept: 1,
    });
    const kept = await readAll(join(folder.path, '.palindrome'));
    expect(kept.length).toBeGreaterThan(1);
    expect(findCanaries(out, err, JSON.stringify(report), ...kept)).toEqual([]);
  }, 60_000);

  it('should keep references, and orders that a check demands', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, n) =>
        `INSERT INTO users VALUES(${n + 1},'canary${n}@secret-bank.example','FREE',${n === 0 ? 'NULL' : n},${n},${n + 1});`,
    );
    await using folder = await makeFolder({ ...SET, 'staging.sql': dump(`${rows.join('\n')}\n`) });
    const { code } = await runCli(
      ['anonymise', 'm', '--dataset', 'staging.sql', '--out', 'masked.json'],
      folder.path,
      SALT,
    );
    const { tables } = JSON.parse(await readFile(join(folder.path, 'masked.json'), 'utf8')) as {
      tables: { rows: (string | null)[][] }[];
    };
    const masked = tables[0]?.rows ?? [];
    const ids = new Set(masked.map(([id]) => id));
    expect({ code, rows: masked.length, ids: ids.size }).toEqual({ code: 0, rows: 40, ids: 40 });
    expect(masked.filter((row) => row[3] === null).length).toBe(1);
    expect(masked.every((row) => row[3] === null || ids.has(row[3] ?? ''))).toBe(true);
    expect(masked.every((row) => BigInt(row[4] ?? '0') <= BigInt(row[5] ?? '0'))).toBe(true);
    expect(new Set(masked.map((row) => row[1])).size).toBe(40);
  }, 60_000);

  it('should take a part of a large table that is whole in itself, and say so', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, n) =>
        `INSERT INTO users VALUES(${n + 1},'c${n}@x.example','FREE',${n < 2 ? 'NULL' : n % 7 === 0 ? 30 : n - 1},1,2);`,
    );
    await using folder = await makeFolder({ ...SET, 'staging.sql': dump(`${rows.join('\n')}\n`) });
    const args = ['--dataset', 'staging.sql', '--dataset-rows', '10', '--out', 'masked.json'];
    const { out } = await runCli(['anonymise', 'm', ...args], folder.path, SALT);
    const { tables } = JSON.parse(await readFile(join(folder.path, 'masked.json'), 'utf8')) as {
      tables: { rows: (string | null)[][] }[];
    };
    const masked = tables[0]?.rows ?? [];
    const ids = new Set(masked.map(([id]) => id));
    expect(masked.length).toBeGreaterThanOrEqual(10);
    expect(masked.length).toBeLessThan(60);
    expect(masked.every((row) => row[3] === null || ids.has(row[3] ?? ''))).toBe(true);
    expect(out).toMatch(/only a part was used: \d+ of 60 rows of users/);
  }, 60_000);
});

describe('sums that must agree', () => {
  const LOTS = {
    'm/0001_lots.up.sql': `-- palindrome: dialect sqlite\nCREATE TABLE holding (id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL);\nCREATE TABLE lot (id INTEGER PRIMARY KEY, holding_id INTEGER NOT NULL REFERENCES holding (id), quantity INTEGER NOT NULL);\n`,
    'm/0001_lots.down.sql': 'DROP TABLE lot;\nDROP TABLE holding;\n',
    'm/0002_index.up.sql': 'CREATE INDEX lot_holding ON lot (holding_id);\n',
    'm/0002_index.down.sql': 'DROP INDEX lot_holding;\n',
    'staging.sql': `BEGIN TRANSACTION;\nCREATE TABLE holding (id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL);\nCREATE TABLE lot (id INTEGER PRIMARY KEY, holding_id INTEGER NOT NULL REFERENCES holding (id), quantity INTEGER NOT NULL);\nINSERT INTO holding VALUES(11,7777),(12,0);\nINSERT INTO lot VALUES(21,11,4321),(22,11,3456);\nCOMMIT;\n`,
  };
  const invariants = [
    {
      id: 'lots-sum',
      from: '0001',
      sql: 'SELECT h.id FROM holding h WHERE h.quantity <> (SELECT coalesce(sum(l.quantity), 0) FROM lot l WHERE l.holding_id = h.id)',
    },
  ];
  const verify = async (anonymise: object): Promise<string> => {
    await using folder = await makeFolder({
      ...LOTS,
      'palindrome.config.json': JSON.stringify({ invariants, anonymise }),
    });
    const { out } = await runCli(['verify', 'm', '--dataset', 'staging.sql', '--cases', '1'], folder.path, SALT);
    return out.replaceAll(/\s+/g, ' ');
  };

  it('should be told apart as broken by masking, with the way out', async () => {
    const out = await verify({});
    expect(out).toContain('before 0002_index, lots-sum does not hold');
    expect(out).toContain('give the columns that it compares the rule scale');
  }, 30_000);

  it('should agree exactly under one scale', async () => {
    const group = { kind: 'scale', group: 'lots' };
    expect(await verify({ rules: { 'holding.quantity': group, 'lot.quantity': group } })).not.toContain(
      'lots-sum does not hold',
    );
  }, 30_000);
});

describe('what cannot be used', () => {
  const user = (id: number, email: string, rest = `'FREE',NULL,1,2`): string =>
    `INSERT INTO users VALUES(${id},'${email}',${rest});\n`;

  it.each<[string, string, string, number]>([
    [
      'a key that is there twice',
      dump(user(1, 'canary') + user(2, 'canary')),
      'row 2 of users breaks UNIQUE: users.email',
      2,
    ],
    [
      'a row that a check refuses',
      dump(user(1, 'a') + user(2, 'canary', `'FREE',NULL,7734501,1`)),
      'row 2 of users breaks CHECK',
      2,
    ],
    [
      'a row without its parent',
      dump(user(1, 'canary', `'FREE',7734501,1,2`)),
      'row 1 of users refers to a row of users that is not there',
      2,
    ],
    ['a dump that was cut off', dump(user(1, 'canary')).replace('COMMIT;\n', ''), 'never committed', 2],
    ['a statement that was cut off', dump(user(1, 'canary')).slice(0, -20), 'it stops in the statement at line 4', 2],
    ['a file that is no dump', 'canary,wilhelmina\n1,2\n', 'neither a SQLite database nor a dump', 2],
    ['a dump that would touch other files', dump(`ATTACH 'canary.db' AS other;\n`), 'the ATTACH at line', 2],
    [
      'a dump of PostgreSQL',
      '--\n-- PostgreSQL database dump\n--\nCREATE TABLE canary (a int);\n',
      'dump of PostgreSQL',
      2,
    ],
    [
      'other tables',
      'BEGIN TRANSACTION;\nCREATE TABLE other (canary TEXT);\nCOMMIT;\n',
      'The nearest is that after 0001_users',
      2,
    ],
  ])(
    'should refuse %s',
    async (_, text, words, exit) => {
      await using folder = await makeFolder({ ...SET, 'staging.sql': text });
      const finished = await runCli(
        ['verify', 'm', '--dataset', 'staging.sql', '--cases', '1', '--debug'],
        folder.path,
        SALT,
      );
      expect(finished.err.replaceAll(/\s+/g, ' ')).toContain(words);
      expect(finished.code).toBe(exit);
      expect(findCanaries(finished.out, finished.err)).toEqual([]);
      expect(await readdir(folder.path)).toEqual(['m', 'staging.sql']);
    },
    30_000,
  );

  it('should list everything that is wrong with rules at once', async () => {
    const rules = {
      'users.emial': 'email',
      'users.boss': 'shuffle',
      'users.id': 'null',
      'other.*': 'keep',
      'users.low': { kind: 'shift', per: 'nobody' },
    };
    await using folder = await makeFolder({
      ...SET,
      'staging.sql': dump(user(1, 'canary')),
      'palindrome.config.json': JSON.stringify({ anonymise: { rules } }),
    });
    const { code, err } = await runCli(['verify', 'm', '--dataset', 'staging.sql', '--debug'], folder.path, SALT);
    expect(code).toBe(2);
    for (const words of [
      '5 errors in the rules',
      '"users.emial" names no column',
      'shuffle would break its references',
      'users.id cannot be NULL',
      '"other.*" names no column',
      'has no column nobody',
    ])
      expect(err.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(findCanaries(err)).toEqual([]);
  }, 30_000);

  it('should refuse a rule that there is not, with the configuration', async () => {
    await using folder = await makeFolder({
      ...SET,
      'palindrome.config.json': '{"anonymise": {"rules": {"users.email": "emial"}, "salt": "short"}}',
    });
    const { code, err } = await runCli(['verify', 'm'], folder.path);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "email"?');
    expect(err).toContain('at least 16 characters');
  }, 30_000);

  it('should refuse a file in which a transaction has to be rolled back', async () => {
    await using folder = await makeFolder(SET);
    const file = join(folder.path, 'daemon.sqlite');
    const connection = openConnection(file);
    connection.exec(TABLE);
    connection.close();
    await writeFile(`${file}-journal`, Buffer.from('d9d505f920a163d70000000000000000', 'hex'));
    const { code, err } = await runCli(['verify', 'm', '--dataset', file], folder.path);
    expect(err).toContain('a transaction that was not finished');
    expect(code).toBe(3);
    await mkdir(join(folder.path, 'empty'));
    expect((await runCli(['verify', 'm', '--dataset', 'empty'], folder.path)).err).toContain('it is a folder');
    expect((await runCli(['verify', 'm', '--dataset', 'none.sql'], folder.path)).err).toContain(
      'none.sql cannot be read',
    );
  }, 30_000);
});
