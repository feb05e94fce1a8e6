import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const FILE = `-- a header that goose ignores

-- +goose Up
-- a comment before a statement is left out
CREATE TABLE a (
  id int -- with a comment; inside
);

-- +goose StatementBegin
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN 1;
END $$;
-- +goose StatementEnd
INSERT INTO a VALUES (1); -- done
-- +goose Down
DROP FUNCTION f();
DROP TABLE a;
`;

it('should split a file as goose does, each statement one call in one transaction', async () => {
  const set = await read({ '00010_b.sql': '-- +goose Up\nSELECT 2;\n', '00002_a.sql': FILE });
  expect(outline(set)).toEqual({
    layout: 'goose',
    keepsLedger: true,
    sqliteForeignKeys: false,
    migrations: [
      {
        id: '00002',
        name: '00002_a',
        up: [
          'db/set/00002_a.sql',
          'wrapped',
          'CREATE TABLE a (\n  id int -- with a comment; inside\n);',
          'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND $$;',
          'INSERT INTO a VALUES (1); -- done',
        ],
        down: ['db/set/00002_a.sql', 'wrapped', 'DROP FUNCTION f();', 'DROP TABLE a;'],
      },
      { id: '00010', name: '00010_b', up: ['db/set/00010_b.sql', 'wrapped', 'SELECT 2;'], down: null },
    ],
    notes: [],
  });
  for (const { up, down } of set.migrations) {
    for (const script of [up, down]) {
      for (const { text, offset } of script?.chunks ?? []) {
        expect(script?.text.slice(offset, offset + text.length)).toBe(text);
      }
    }
  }
});

it('should tell a down that is empty from one that is not there', async () => {
  const set = await read({ '1_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\n' });
  expect(set.migrations[0]?.down?.chunks).toEqual([]);
  expect(set.notes).toEqual(['Nothing to execute in: 1_a (down).']);
});

it.each([
  ['postgres', 'implicit'],
  ['sqlite', 'autocommit'],
] as const)('should commit each statement alone on %s where the file says NO TRANSACTION', async (dialect, mode) => {
  const set = await read(
    { '1_a.sql': '-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\nSELECT 2;\n-- +goose Down\nSELECT 3;' },
    { dialect },
  );
  expect([set.migrations[0]?.up.transaction, set.migrations[0]?.down?.transaction]).toEqual([mode, mode]);
  expect(set.migrations[0]?.up.chunks.map(({ text }) => text)).toEqual(['SELECT 1;', 'SELECT 2;']);
});

it('should read annotations in any case and files with CRLF', async () => {
  const set = await read({
    '1_a.sql': '-- +goose up\r\nSELECT\r\n  1;\r\n-- +GOOSE'.replace('GOOSE', 'goose') + ' DOWN\r\nSELECT 2;\r\n',
  });
  expect(set.migrations[0]?.up.chunks).toEqual([{ text: 'SELECT\n  1;', offset: 14 }]);
  expect(set.migrations[0]?.down?.chunks.map(({ text }) => text)).toEqual(['SELECT 2;']);
});

it('should put environment variables in between ENVSUB ON and OFF', async () => {
  const sql = [
    '-- +goose ENVSUB ON',
    '-- +goose Up',
    "SELECT '$WHO', '${WHO}', '${REGION:-eu}', '${EMPTY:-x}', '${EMPTY-x}', '\\$5';",
    '-- +goose ENVSUB OFF',
    "SELECT '$WHO';",
  ].join('\n');
  const set = await read({ '1_a.sql': sql }, { environment: { WHO: 'me', EMPTY: '' } });
  expect(set.migrations[0]?.up.chunks.map(({ text }) => text)).toEqual([
    "SELECT 'me', 'me', 'eu', 'x', '', '$5';",
    "SELECT '$WHO';",
  ]);
  const fault = await faultOf(read({ '1_a.sql': sql }));
  expect([fault.code, fault.place?.line, fault.place?.column]).toEqual(['variable-missing', 3, 9]);
});

it.each([
  ['no annotation', { '1_a.sql': '-- +goose Up\nSELECT 1;', '2_b.sql': 'SELECT 1;' }, 'script-markers', 1, 1],
  ['a second Up', { '1_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Up' }, 'script-markers', 3, 1],
  ['Down first', { '1_a.sql': '-- +goose Down\nSELECT 1;\n-- +goose Up' }, 'script-markers', 1, 1],
  [
    'a statement without its semicolon',
    { '1_a.sql': '-- +goose Up\n\n  SELECT 1\n-- +goose Down\n' },
    'script-markers',
    3,
    3,
  ],
  [
    'a block without its end',
    { '1_a.sql': '-- +goose Up\n-- +goose StatementBegin\nSELECT 1;' },
    'script-markers',
    2,
    1,
  ],
  ['an end without its block', { '1_a.sql': '-- +goose Up\n-- +goose StatementEnd\n' }, 'script-markers', 2, 1],
  ['an unknown annotation', { '1_a.sql': '-- +goose Up\n-- +goose Sideways\n' }, 'script-markers', 2, 1],
  ['an indented annotation', { '1_a.sql': '-- +goose Up\n  -- +goose Down\n' }, 'script-markers', 2, 1],
  ['SQL before Up', { '1_a.sql': 'SELECT 0;\n-- +goose Up\n' }, 'script-markers', 1, 1],
  ['a name without a number', { '1_a.sql': '-- +goose Up\n', 'v2_b.sql': '-- +goose Up\n' }, 'script-name', 1, 1],
  ['a number of 0', { '0_a.sql': '-- +goose Up\n' }, 'script-name', 1, 1],
  ['a number twice', { '1_a.sql': '-- +goose Up\n', '01_b.sql': '-- +goose Up\n' }, 'duplicate-version', 1, 1],
  ['a migration in Go', { '1_a.sql': '-- +goose Up\n', '2_b.go': 'package x' }, 'migration-not-sql', 1, 1],
])('should refuse %s with its place', async (_, files, code, line, column) => {
  const fault = await faultOf(read(files));
  expect([fault.code, fault.kind, fault.place?.line, fault.place?.column]).toEqual([code, 'usage', line, column]);
});
