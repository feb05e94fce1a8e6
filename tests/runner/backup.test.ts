import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hold, openConnection } from '../../harness/dialects/sqlite/native-objects.ts';
import { restore, up } from '../../harness/cli/library.ts';
import { findExpired, listBackups } from '../../harness/dialects/sqlite/backup-files.ts';
import { readFileContent } from '../../harness/dialects/sqlite/backup.ts';
import { makeBench, refusal } from './support.ts';
import type { Bench } from './support.ts';

const on = ({ database, cwd }: Bench) => ({ database, cwd, path: 'm' });
const backupsOf = ({ cwd }: Bench) =>
  existsSync(path.join(cwd, 'backups'))
    ? readdirSync(path.join(cwd, 'backups'))
        .filter((name) => name.endsWith('.backup'))
        .toSorted()
    : [];
const fileOf = ({ cwd }: Bench) => path.join(cwd, 'data.db');

/** Flips one byte in the middle of a file's last page. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.length - 20;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}

async function benchWithRow(): Promise<Bench> {
  const bench = await makeBench('sqlite');
  await up({ ...on(bench), to: '1', backup: false });
  await bench.sql(`INSERT INTO users VALUES (1, 'a'), (2, 'b')`);
  return bench;
}

/** Runs the command line in a shell whose processes may not write larger files. */
async function runLimited(
  args: readonly string[],
  cwd: string,
  blocks: number,
): Promise<{ readonly code: number | null; readonly err: string }> {
  const root = path.join(import.meta.dirname, '../..');
  const command = [
    process.execPath,
    '--import',
    path.join(root, 'node_modules/tsx/dist/esm/index.mjs'),
    path.join(root, 'harness/cli/main.ts'),
  ];
  const child = spawn('sh', ['-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`, 'sh', ...command, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, err };
}

describe('a backup', () => {
  it('should be made before anything is changed, checked, and hold what the database held', async () => {
    await using bench = await benchWithRow();
    const before = readFileContent(fileOf(bench));
    const { backup } = await up(on(bench));
    expect(backup).toMatchObject({ tables: before.tables, rows: before.rows });
    expect(readFileContent(backup?.file ?? '')).toEqual(before);
    expect(readFileSync(`${backup?.file}.sha256`, 'utf8')).toBe(
      `${backup?.sha256}  ${path.basename(backup?.file ?? '')}\n`,
    );
    expect(readdirSync(path.join(bench.cwd, 'backups'))).toHaveLength(2);
  });

  it('should not be made where there is nothing to do', async () => {
    await using bench = await makeBench('sqlite');
    await up(on(bench));
    expect(backupsOf(bench)).toHaveLength(1);
    await up(on(bench));
    expect(backupsOf(bench)).toHaveLength(1);
  });

  it('should hold what is only in the write-ahead log, also while a reader is in the middle of it', async () => {
    await using bench = await benchWithRow();
    const writer = openConnection(fileOf(bench));
    const reader = openConnection(fileOf(bench), { readonly: true });
    try {
      writer.pragma('journal_mode = WAL');
      writer.pragma('wal_autocheckpoint = 0');
      const old = hold(reader.prepare('SELECT email FROM users ORDER BY id').pluck().iterate());
      old.next();
      writer.exec(`INSERT INTO users VALUES (3, 'only in the log')`);
      copyFileSync(fileOf(bench), path.join(bench.cwd, 'copied.db'));
      const { backup } = await up({ ...on(bench), to: '2' });
      old.return?.();
      const emails = (file: string) => {
        const connection = openConnection(file, { readonly: true });
        try {
          return connection.prepare('SELECT email FROM users ORDER BY id').pluck().all();
        } finally {
          connection.close();
        }
      };
      expect(emails(backup?.file ?? '')).toEqual(['a', 'b', 'only in the log']);
      // What `cp` gives, which is what the document does: the log's row is not in it.
      expect(emails(path.join(bench.cwd, 'copied.db'))).toEqual(['a', 'b']);
    } finally {
      reader.close();
      writer.close();
    }
  });

  it('should stop the run where it cannot be made, with nothing changed and the older ones kept', async () => {
    await using bench = await benchWithRow();
    const elsewhere = path.join(bench.cwd, 'file');
    writeFileSync(elsewhere, 'not a folder');
    const before = await bench.imprint();
    const configuration = { runner: { backup: { directory: 'file' } } };
    const { code, kind } = await refusal(up({ ...on(bench), configuration }));
    expect({ code, kind }).toEqual({ code: 'backup-failed', kind: 'environment' });
    expect(await bench.imprint()).toBe(before);
  });

  it('should stop the run where the disk is full', async () => {
    await using bench = await benchWithRow();
    await bench.sql(`CREATE TABLE filler (b blob); INSERT INTO filler VALUES (zeroblob(2000000))`);
    const before = await bench.imprint();
    // No file may grow beyond 1,000 blocks of 512 bytes: what a full disk does to the copy, without needing one.
    const { code, err } = await runLimited(['up', 'm', '--database', 'data.db'], bench.cwd, 1_000);
    expect({ code, isTold: err.includes('The backup of data.db failed') }).toEqual({ code: 3, isTold: true });
    expect(readdirSync(path.join(bench.cwd, 'backups'))).toEqual([]);
    rmSync(path.join(bench.cwd, 'backups'), { recursive: true });
    expect(await bench.imprint()).toBe(before);
  });

  it('should be refused of a database that is damaged itself, rather than rotate over a good one', async () => {
    await using bench = await makeBench('sqlite', {
      '1_a.up.sql': 'CREATE TABLE a (id integer PRIMARY KEY, v text);\nCREATE INDEX av ON a (v);\n',
      '2_b.up.sql': 'CREATE TABLE b (id integer);\n',
    });
    await up({ ...on(bench), to: '1' });
    await bench.sql(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO a SELECT i, 'value ' || i FROM n`,
    );
    const good = backupsOf(bench);
    // The index loses an entry: every page still reads, and only the integrity check tells.
    const connection = openConnection(fileOf(bench));
    connection.unsafeMode(true);
    connection.pragma('writable_schema = ON');
    connection.exec(`UPDATE sqlite_schema SET sql = 'CREATE INDEX av ON a (v) WHERE id <> 5' WHERE name = 'av'`);
    connection.close();
    const broken = openConnection(fileOf(bench));
    broken.exec(`DELETE FROM a WHERE id = 5`);
    broken.unsafeMode(true);
    broken.pragma('writable_schema = ON');
    broken.exec(`UPDATE sqlite_schema SET sql = 'CREATE INDEX av ON a (v)' WHERE name = 'av'`);
    broken.close();
    const configuration = { runner: { backup: { maxBackups: 1 } } };
    const { code, message } = await refusal(up({ ...on(bench), configuration }));
    expect(code).toBe('backup-failed');
    expect(message).toContain('integrity check');
    expect(backupsOf(bench)).toEqual(good);
    expect(await bench.rows(`SELECT count(*) FROM sqlite_schema WHERE name = 'b'`)).toEqual([['0']]);
  });
});

describe('retention', () => {
  const day = 86_400_000;
  const policy = { retentionDays: 30, maxBackups: 10 };

  it('should let go of what is too old or too much, and never of the youngest', () => {
    const made = (days: number) => ({ file: `${days}`, madeMs: -days * day });
    const files = (backups: readonly { readonly file: string }[]) => backups.map(({ file }) => file);
    expect(files(findExpired([made(1), made(29), made(31)], policy, 0))).toEqual(['31']);
    expect(files(findExpired([made(400)], policy, 0))).toEqual([]);
    expect(files(findExpired([made(400), made(500)], policy, 0))).toEqual(['500']);
    expect(
      files(
        findExpired(
          Array.from({ length: 12 }, (_, at) => made(at)),
          policy,
          0,
        ),
      ),
    ).toEqual(['10', '11']);
  });

  it('should leave other files and the backups of other databases alone', async () => {
    await using bench = await makeBench('sqlite');
    const folder = path.join(bench.cwd, 'backups');
    mkdirSync(folder);
    const others = [
      'other.db.20200101T000000000Z.backup',
      'data.db.backup',
      'data.db.20209999T000000000Z.backup',
      'notes.txt',
    ];
    for (const name of others) writeFileSync(path.join(folder, name), 'x');
    await up({ ...on(bench), configuration: { runner: { backup: { maxBackups: 1 } } } });
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(others));
    expect(await listBackups(folder, fileOf(bench))).toHaveLength(1);
  });

  it('should keep older backups until a run went well', async () => {
    await using bench = await makeBench('sqlite', {
      '0001_a.sql': 'CREATE TABLE a (id integer);\n',
      '0002_b.sql': 'CREATE TABLE b (id integer);\nINSERT INTO nowhere VALUES (1);\n',
    });
    const configuration = { runner: { backup: { maxBackups: 1 } } };
    await up({ ...on(bench), to: '0001', configuration });
    const [first] = backupsOf(bench);
    expect((await up({ ...on(bench), configuration })).failure?.left).toBe('half');
    expect(backupsOf(bench)).toHaveLength(2);
    await bench.sql('DROP TABLE b');
    await bench.write({ '0002_b.sql': 'CREATE TABLE b (id integer);\n' });
    await up({ ...on(bench), configuration, markPending: ['0002'] });
    expect(backupsOf(bench)).toHaveLength(1);
    expect(backupsOf(bench)).not.toContain(first);
  });

  it('should keep the backup that was just made though the clock says that others are younger', async () => {
    await using bench = await makeBench('sqlite');
    const folder = path.join(bench.cwd, 'backups');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'data.db.29990101T000000000Z.backup'), 'from the future');
    const { backup } = await up({ ...on(bench), configuration: { runner: { backup: { maxBackups: 1 } } } });
    expect(existsSync(backup?.file ?? '')).toBe(true);
  });

  it.each([{ retentionDays: 0 }, { maxBackups: 0 }])(
    'should be refused where it would keep nothing: %j',
    async (backup) => {
      await using bench = await makeBench('sqlite');
      const before = await bench.imprint();
      expect((await refusal(up({ ...on(bench), configuration: { runner: { backup } } }))).code).toBe('config-invalid');
      expect(await bench.imprint()).toBe(before);
    },
  );
});

describe('a restore', () => {
  it('should give the database back as it was, and keep the failed one aside', async () => {
    await using bench = await benchWithRow();
    const before = readFileContent(fileOf(bench));
    await up(on(bench));
    const after = readFileContent(fileOf(bench));
    const report = await restore({ database: 'data.db', cwd: bench.cwd });
    expect(report).toMatchObject({ isDone: true, hasChecksum: true, rows: before.rows });
    expect(readFileContent(fileOf(bench))).toEqual(before);
    expect(readFileContent(report.setAside ?? '')).toEqual(after);
  });

  it('should not let the log of the failed database into the restored one', async () => {
    await using bench = await benchWithRow();
    const before = readFileContent(fileOf(bench));
    await up(on(bench));
    const file = fileOf(bench);
    // A process that died: its log is there, its lock is not.
    const writer = openConnection(file);
    writer.pragma('journal_mode = WAL');
    writer.exec(`INSERT INTO users VALUES (9, 'logged')`);
    for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${file}${suffix}`, `${file}.kept${suffix}`);
    writer.close();
    for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${file}.kept${suffix}`, `${file}${suffix}`);
    const report = await restore({ database: 'data.db', cwd: bench.cwd });
    expect(readFileContent(file)).toEqual(before);
    expect(readFileContent(report.setAside ?? '').rows).toBe(before.rows + 2 + 1);
  });

  it('should pass over a damaged backup, and refuse where none is whole', async () => {
    await using bench = await benchWithRow();
    const before = readFileContent(fileOf(bench));
    await up({ ...on(bench), to: '2' });
    await up(on(bench));
    const [older = '', younger = ''] = backupsOf(bench).map((name) => path.join(bench.cwd, 'backups', name));
    damage(younger);
    const dry = await restore({ database: 'data.db', cwd: bench.cwd, dryRun: true });
    expect(dry).toMatchObject({ backup: older, isDone: false });
    expect(dry.notes[0]).toContain('SHA-256');
    const imprint = await bench.imprint();
    expect((await refusal(restore({ database: 'data.db', cwd: bench.cwd, from: younger }))).code).toBe(
      'backup-damaged',
    );
    truncateSync(older, 4096);
    expect((await refusal(restore({ database: 'data.db', cwd: bench.cwd }))).code).toBe('backup-damaged');
    expect(await bench.imprint()).toBe(imprint);
    expect(before.rows).toBeGreaterThan(0);
  });

  it('should bring back a database that is gone', async () => {
    await using bench = await benchWithRow();
    await up(on(bench));
    truncateSync(fileOf(bench), 100);
    const report = await restore({ database: 'data.db', cwd: bench.cwd });
    expect(report.isDone).toBe(true);
    expect(await bench.rows('SELECT count(*) FROM users')).toEqual([['2']]);
  });

  it('should be refused while another process has the database open', async () => {
    await using bench = await benchWithRow();
    await up(on(bench));
    const other = openConnection(fileOf(bench));
    try {
      other.exec('BEGIN; SELECT * FROM users');
      other.prepare('SELECT * FROM users').all();
      expect((await refusal(restore({ database: 'data.db', cwd: bench.cwd }))).code).toBe('database-busy');
      other.exec('ROLLBACK');
      other.pragma('journal_mode = WAL');
      other.prepare('SELECT * FROM users').all();
      expect((await refusal(restore({ database: 'data.db', cwd: bench.cwd }))).code).toBe('database-busy');
    } finally {
      other.close();
    }
    expect((await restore({ database: 'data.db', cwd: bench.cwd })).isDone).toBe(true);
  });

  it('should say where it looked when there is no backup', async () => {
    await using bench = await benchWithRow();
    const { code, hint } = await refusal(restore({ database: 'data.db', cwd: bench.cwd }));
    expect(code).toBe('backup-missing');
    expect(hint).toContain(path.join(bench.cwd, 'backups'));
  });
});
