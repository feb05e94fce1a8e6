import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const BREAK = '\n--> statement-breakpoint\n';
const ONE_TRANSACTION =
  'drizzle runs all pending migrations in one transaction; here each runs in its own, so what needs a commit in between is not seen.';

function journal(tags: readonly string[], times = tags.map((_, index) => index + 1), dialect = 'sqlite'): string {
  const entries = tags.map((tag, idx) => ({ idx, version: '7', when: times[idx], tag, breakpoints: true }));
  return JSON.stringify({ version: '7', dialect, entries }, null, 2);
}

it('should read what the journal lists, in its order, split at the breakpoints', async () => {
  const set = await read(
    {
      'meta/_journal.json': journal(['0001_b', '0000_a']),
      '0000_a.sql': `CREATE TABLE a (id int);${BREAK}CREATE TABLE b (id int);${BREAK}`,
      '0001_b.sql': 'SELECT 1;',
      '0002_c.sql': 'SELECT 2;',
    },
    { dialect: null },
  );
  expect(set.dialect).toBe('sqlite');
  expect(outline(set)).toEqual({
    layout: 'drizzle',
    keepsLedger: true,
    sqliteForeignKeys: true,
    migrations: [
      { id: '0001', name: '0001_b', up: ['db/set/0001_b.sql', 'wrapped', 'SELECT 1;'], down: null },
      {
        id: '0000',
        name: '0000_a',
        up: ['db/set/0000_a.sql', 'wrapped', 'CREATE TABLE a (id int);\n', '\nCREATE TABLE b (id int);\n'],
        down: null,
      },
    ],
    notes: ['Ignored a file (not in meta/_journal.json): 0002_c.sql.', ONE_TRANSACTION],
  });
  const { text, chunks } = set.migrations[1]!.up;
  for (const chunk of chunks) expect(text.slice(chunk.offset, chunk.offset + chunk.text.length)).toBe(chunk.text);
});

it('should read the folders of version 1, ordered by name', async () => {
  const set = await read(
    {
      '20250102000000_b/migration.sql': 'SELECT 2;',
      '20250102000000_b/snapshot.json': '{"dialect": "postgres"}',
      '20250101000000_a/migration.sql': 'SELECT 1;',
      '20250101000000_a/snapshot.json': '{"dialect": "postgres"}',
    },
    { dialect: null },
  );
  expect([set.layout, set.dialect]).toEqual(['drizzle', 'postgres']);
  expect(set.migrations.map(({ id, up }) => [id, up.file])).toEqual([
    ['20250101000000', 'db/set/20250101000000_a/migration.sql'],
    ['20250102000000', 'db/set/20250102000000_b/migration.sql'],
  ]);
});

it('should say which migrations drizzle skips because their time is not later', async () => {
  const set = await read({
    'meta/_journal.json': journal(['0000_a', '0001_b', '0002_c'], [5, 3, 6]),
    '0000_a.sql': 'SELECT 1;',
    '0001_b.sql': 'SELECT 1;',
    '0002_c.sql': 'SELECT 1;',
  });
  expect(set.notes[0]).toMatch(/times do not rise.*: 0001_b\.$/);
});

it.each([
  [
    'a listed file that is missing',
    { 'meta/_journal.json': journal(['0000_a', '0001_b']), '0000_a.sql': '' },
    'script-missing',
    'db/set/0001_b.sql',
    1,
  ],
  [
    'a journal that is no JSON',
    { 'meta/_journal.json': '{\n  "entries": [\n    oops' },
    'metadata-invalid',
    'db/set/meta/_journal.json',
    3,
  ],
  [
    'a journal without entries',
    { 'meta/_journal.json': '{"version": "7"}' },
    'metadata-invalid',
    'db/set/meta/_journal.json',
    1,
  ],
  [
    'a tag listed twice',
    { 'meta/_journal.json': journal(['0000_a', '0000_a']), '0000_a.sql': '' },
    'duplicate-version',
    'db/set/meta/_journal.json',
    16,
  ],
])('should refuse %s with its place', async (_, files, code, file, line) => {
  const fault = await faultOf(read(files));
  expect([fault.code, fault.place?.file, fault.place?.line]).toEqual([code, file, line]);
});
