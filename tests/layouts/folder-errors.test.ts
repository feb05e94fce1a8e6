import { execFile } from 'node:child_process';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { faultOf, makeFolder, read, readFolder } from './folders.ts';

const SQL = 'SELECT 1;';

it('should say that a folder does not exist', async () => {
  await using folder = await makeFolder({});
  const fault = await faultOf(readFolder(path.join(folder.path, 'nowhere'), { shownAs: 'set/nowhere' }));
  expect([fault.code, fault.kind, fault.message]).toEqual([
    'set-not-found',
    'usage',
    'There is no folder set/nowhere.',
  ]);
});

it('should say that a path is a file', async () => {
  await using folder = await makeFolder({ '1_a.sql': SQL });
  const fault = await faultOf(readFolder(path.join(folder.path, '1_a.sql'), { shownAs: '1_a.sql' }));
  expect([fault.code, fault.kind]).toEqual(['set-not-a-folder', 'usage']);
  const below = await faultOf(readFolder(path.join(folder.path, '1_a.sql/deeper')));
  expect(below.code).toBe('set-not-a-folder');
});

it.each([
  ['an empty folder', {}, 'set-empty', 'db/set is empty.'],
  ['folders without files', { 'a/b/': '' }, 'set-empty', 'db/set is empty.'],
  [
    'no SQL at all',
    { 'README.md': 'x' },
    'set-empty',
    'db/set holds no migrations: no .sql file, and no folder of any known tool.',
  ],
  [
    'SQL without numbers',
    { 'schema.sql': SQL },
    'layout-unknown',
    'db/set holds .sql files of no known layout: schema.sql.',
  ],
  [
    "Flyway's names",
    { 'V1__init.sql': SQL, 'V2__more.sql': SQL },
    'layout-unknown',
    "db/set looks like a folder of Flyway's, which is not read yet.",
  ],
] as const)('should name %s', async (_, files, code, message) => {
  const fault = await faultOf(read(files));
  expect([fault.code, fault.kind, fault.message]).toEqual([code, 'usage', message]);
  expect(fault.hint).toBeTruthy();
});

it('should say that no migrations of the wanted layout are there', async () => {
  const fault = await faultOf(read({ '1_a.sql': SQL }, { layout: 'diesel' }));
  expect([fault.code, fault.message]).toEqual(['set-empty', 'db/set holds no migrations of the layout diesel.']);
});

it('should name both layouts where a folder could be of either, and take the one it is told', async () => {
  const files = { '1_a.sql': '-- +goose Up\n-- migrate:up\nSELECT 1;\n-- migrate:down\n' };
  const fault = await faultOf(read(files));
  expect([fault.code, fault.hint]).toEqual(['layout-ambiguous', 'Say which: --layout goose or --layout dbmate.']);
  expect((await read(files, { layout: 'dbmate' })).layout).toBe('dbmate');
});

it('should take the surer layout of a folder that mixes things, and name what it passes over', async () => {
  const set = await read({ '1_a.up.sql': SQL, '1_a.down.sql': SQL, '2_b.up.sql': SQL, '3_c.sql': SQL });
  expect([set.layout, set.migrations.length]).toEqual(['golang-migrate', 2]);
  expect(set.notes).toEqual(['Ignored a file (not named N_name.up.sql or N_name.down.sql): 3_c.sql.']);
});

it.each([
  ['UTF-16 with a mark', Buffer.from('\uFEFFSELECT 1;', 'utf16le'), 1, 1],
  ['UTF-16 without a mark', Buffer.from('SELECT 1;', 'utf16le'), 1, 2],
  ['Latin-1', Buffer.from("-- ok\nSELECT 'größe';", 'latin1'), 2, 11],
  ['UTF-8 that is cut off', Buffer.from("SELECT '€").subarray(0, 10), 1, 9],
])('should refuse %s at the first bad byte', async (_, content, line, column) => {
  const fault = await faultOf(read({ '1_a.sql': SQL, '2_b.sql': content }));
  expect([fault.code, fault.kind]).toEqual(['script-encoding', 'usage']);
  expect(fault.place).toMatchObject({ file: 'db/set/2_b.sql', line, column });
});

it('should take off a byte-order mark and say so, and keep CRLF as it is', async () => {
  const set = await read({ '1_a.sql': Buffer.from('\uFEFFSELECT 1;\r\nSELECT 2;\r\n'), '2_b.sql': 'SELECT \uFFFD;' });
  expect(set.migrations[0]?.up.text).toBe('SELECT 1;\r\nSELECT 2;\r\n');
  expect(set.notes).toHaveLength(1);
  expect(set.notes[0]).toMatch(/^Begins with a byte-order mark.*: 1_a\.sql\.$/);
  const bare = await read({ '1_a.sql': 'SELECT 1;\r\nSELECT 2;\r\n' });
  expect(bare.migrations[0]?.up.sha256).not.toBe(set.migrations[0]?.up.sha256);
});

it('should read an empty file as a script without chunks, and say so', async () => {
  const set = await read({ '1_a.sql': SQL, '2_b.sql': '', '3_c.sql': ' \n' });
  expect(set.migrations.map(({ up }) => up.chunks.length)).toEqual([1, 0, 0]);
  expect(set.notes).toEqual(['Nothing to execute in: 2_b (up), 3_c (up).']);
});

it('should follow symbolic links, name one that leads nowhere, and survive a loop', async () => {
  await using folder = await makeFolder({ 'store/1_a.sql': SQL, 'set/2_b.sql': SQL });
  const set = path.join(folder.path, 'set');
  await symlink('../store/1_a.sql', path.join(set, '1_a.sql'));
  await symlink('.', path.join(set, 'self'));
  expect((await readFolder(set)).migrations.map(({ id }) => id)).toEqual(['1', '2']);
  await symlink(set, path.join(folder.path, 'link'));
  expect((await readFolder(path.join(folder.path, 'link'))).migrations).toHaveLength(2);
  await symlink('nowhere.sql', path.join(set, '3_c.sql'));
  const missing = await faultOf(readFolder(set));
  expect([missing.code, missing.message]).toEqual(['script-missing', 'There is no file db/set/3_c.sql.']);
  await symlink('4_d.sql', path.join(set, '4_d.sql'));
  const loop = await faultOf(readFolder(path.join(set, '4_d.sql')));
  expect([loop.code, loop.kind]).toEqual(['set-unreadable', 'environment']);
});

it('should name the file or folder that it may not read', async () => {
  await using folder = await makeFolder({ '1_a.sql': SQL, '2_b.sql': SQL });
  const file = path.join(folder.path, '2_b.sql');
  await chmod(file, 0o000);
  expect(await codeAsOtherUser(folder.path)).toEqual({
    code: 'script-unreadable',
    kind: 'environment',
    message: 'No permission to read the file db/set/2_b.sql.',
  });
  await chmod(file, 0o644);
  expect(await codeAsOtherUser(folder.path)).toEqual({ code: null });
  await chmod(folder.path, 0o000);
  expect(await codeAsOtherUser(folder.path)).toEqual({
    code: 'set-unreadable',
    kind: 'environment',
    message: 'No permission to read the folder db/set.',
  });
  await chmod(folder.path, 0o755);
});

/** Root may read everything, so the reading is done by a process of another user where the tests run as root. */
async function codeAsOtherUser(folder: string): Promise<unknown> {
  const isRoot = process.getuid?.() === 0;
  const script = fileURLToPath(new URL('read-as-other-user.mts', import.meta.url));
  const tsx = import.meta.resolve('tsx');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, script, folder], {
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    ...(isRoot ? { uid: 65534, gid: 65534, cwd: '/' } : {}),
  });
  return JSON.parse(stdout);
}

it('should read 10,000 files in a few seconds', async () => {
  await using folder = await makeFolder({});
  for (let start = 1; start <= 5000; start += 500) {
    const numbers = Array.from({ length: 500 }, (_, index) => start + index);
    await Promise.all(
      numbers.flatMap((n) => [
        writeFile(path.join(folder.path, `${n}_m.up.sql`), `CREATE TABLE t${n} (id int);`),
        writeFile(path.join(folder.path, `${n}_m.down.sql`), `DROP TABLE t${n};`),
      ]),
    );
  }
  const started = performance.now();
  const set = await readFolder(folder.path, { dialect: null, shownAs: 'db/postgres' }).catch(() =>
    readFolder(folder.path),
  );
  expect(set.migrations.map(({ id }) => Number(id))).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  expect(performance.now() - started).toBeLessThan(8000);
});
