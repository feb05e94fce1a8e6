/** What was asked for is what is judged, or an error says why not. */
import { expect, test } from 'vitest';
import { embeddedProvider } from '../../harness/providers/embedded.ts';
import { makeFolder, runCli } from './run-cli.ts';

const SET = {
  'm/1_a.up.sql': 'CREATE TABLE t (id serial PRIMARY KEY, a text);\n',
  'm/1_a.down.sql': 'DROP TABLE t;\n',
};

test('should refuse to judge on a server of another version than was asked for', async () => {
  await using server = await embeddedProvider.start({
    postgres: null,
    image: null,
    serverUrl: null,
    allowRemote: false,
    keep: false,
  });
  if (server.dialect !== 'postgres') throw new Error('embedded serves PostgreSQL');
  await using folder = await makeFolder(SET);
  const url = `postgres://${server.user}@/${server.database}?host=${encodeURIComponent(server.host)}&port=${server.port}`;
  const verify = (version: string) =>
    runCli(['verify', 'm', '--cases', '2', '--server-url', url, '--postgres', version], folder.path);
  const other = await verify('15');
  expect(other.code).toBe(2);
  expect(other.err).toMatch(/error: PostgreSQL 15 was asked for, and this server is 17\.\d+\.\nhint: .*--postgres 17/u);
  expect((await verify('17')).code).toBe(0);
});

test('should say in doctor what the provider that was asked about needs', async () => {
  await using folder = await makeFolder();
  const { code, out } = await runCli(['doctor', '--provider', 'server'], folder.path);
  expect(code).toBe(3);
  expect(out).toMatch(/✗ server +The provider `server` needs to know where the server is/u);
  expect(out).not.toMatch(/container|embedded/u);
});

test('should judge nothing of a migration that a directive ignores', async () => {
  await using folder = await makeFolder({
    'm/1_a.up.sql': 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a text);\n',
    'm/1_a.down.sql': 'DROP TABLE t;\n',
    'm/2_b.up.sql': '-- palindrome: ignore * because the column is empty\nALTER TABLE t DROP COLUMN a;\n',
    'm/2_b.down.sql': 'ALTER TABLE t ADD COLUMN a text;\n',
  });
  const { code, out } = await runCli(['verify', 'm', '--cases', '3'], folder.path);
  expect(code).toBe(0);
  expect(out).toMatch(/2_b +\d+ inapplicable/u);
});
