import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

it('should split a file as sql-migrate does and know it by its whole name', async () => {
  const set = await read({
    '20200101-a.sql': [
      '-- +migrate Up notransaction',
      '-- a comment line is left out',
      'CREATE INDEX CONCURRENTLY i ON a (id);',
      '-- +migrate Down',
      '-- +migrate StatementBegin',
      'DROP INDEX i;',
      'SELECT 1;',
      '-- +migrate StatementEnd',
    ].join('\n'),
    '20200101-b.sql': '-- +migrate Up\nSELECT 1;\n-- +migrate Down\n',
    '3-c.sql': '-- +migrate Up\nSELECT 3;\n',
    'init.sql': '-- +migrate Up\nSELECT 4;\n',
  });
  expect(outline(set)).toEqual({
    layout: 'sql-migrate',
    keepsLedger: true,
    sqliteForeignKeys: false,
    migrations: [
      { id: '3', name: '3-c', up: ['db/set/3-c.sql', 'wrapped', 'SELECT 3;'], down: null },
      {
        id: '20200101-a',
        name: '20200101-a',
        up: ['db/set/20200101-a.sql', 'implicit', 'CREATE INDEX CONCURRENTLY i ON a (id);'],
        down: ['db/set/20200101-a.sql', 'wrapped', 'DROP INDEX i;\nSELECT 1;'],
      },
      {
        id: '20200101-b',
        name: '20200101-b',
        up: ['db/set/20200101-b.sql', 'wrapped', 'SELECT 1;'],
        down: ['db/set/20200101-b.sql', 'wrapped'],
      },
      { id: 'init', name: 'init', up: ['db/set/init.sql', 'wrapped', 'SELECT 4;'], down: null },
    ],
    notes: ['Nothing to execute in: 20200101-b (down).'],
  });
});

it.each([
  ['no marker', 'SELECT 1;', 1],
  ['a statement without its semicolon', '-- +migrate Up\nSELECT 1\n-- +migrate Down\n', 2],
  ['a last statement without its semicolon', '-- +migrate Up\nSELECT 1;\nSELECT 2\n', 3],
  ['a block without its end', '-- +migrate Up\n-- +migrate StatementBegin\nSELECT 1;\n', 2],
])('should refuse %s with its place', async (_, sql, line) => {
  const fault = await faultOf(read({ '1-a.sql': '-- +migrate Up\n', '2-b.sql': sql }));
  expect([fault.code, fault.place?.file, fault.place?.line]).toEqual(['script-markers', 'db/set/2-b.sql', line]);
});
