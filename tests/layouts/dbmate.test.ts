import { expect, it } from 'vitest';
import { faultOf, outline, read } from './folders.ts';

const UP = '-- migrate:up\nSELECT 1;\n';
const BOTH = `${UP}-- migrate:down\nSELECT 2;\n`;

it('should read blocks with their markers, ordered by file name as text', async () => {
  const set = await read({ '9_a.sql': BOTH, '10_b.sql': BOTH, 'notes.sql': 'SELECT 0;', 'schema.txt': '' });
  expect(outline(set)).toEqual({
    layout: 'dbmate',
    keepsLedger: true,
    sqliteForeignKeys: false,
    migrations: [
      {
        id: '10',
        name: '10_b',
        up: ['db/set/10_b.sql', 'wrapped', UP],
        down: ['db/set/10_b.sql', 'wrapped', '-- migrate:down\nSELECT 2;\n'],
      },
      {
        id: '9',
        name: '9_a',
        up: ['db/set/9_a.sql', 'wrapped', UP],
        down: ['db/set/9_a.sql', 'wrapped', '-- migrate:down\nSELECT 2;\n'],
      },
    ],
    notes: ['Ignored a file (no number in front): notes.sql.'],
  });
});

it.each([
  ['postgres', 'implicit'],
  ['sqlite', 'autocommit'],
] as const)('should take transaction:false for one direction alone on %s', async (dialect, mode) => {
  const sql = '-- migrate:up transaction:false foo:bar\r\nSELECT 1;\r\n-- migrate:down\r\nSELECT 2;\r\n';
  const set = await read({ '1_a.sql': sql }, { dialect });
  expect([set.migrations[0]?.up.transaction, set.migrations[0]?.down?.transaction]).toEqual([mode, 'wrapped']);
});

it('should keep an empty down block as a down that does nothing', async () => {
  const set = await read({ '1_a.sql': `${UP}\n-- migrate:down\n\n` });
  expect(set.migrations[0]?.down?.chunks).toEqual([]);
});

it('should run several blocks of one file one after the other, and say what dbmate makes of them', async () => {
  const set = await read({ '1_a.sql': `-- first\n${BOTH}${BOTH}` });
  expect(set.migrations[0]?.up.transaction).toBe('implicit');
  expect(set.migrations[0]?.up.chunks).toEqual([
    { text: UP, offset: 9 },
    { text: UP, offset: 9 + BOTH.length },
  ]);
  expect(set.notes[0]).toContain('Several up blocks in one file');
});

it.each([
  ['no up block', { '1_a.sql': BOTH, '2_b.sql': 'SELECT 1;' }, 'script-markers', 1],
  ['no down block', { '1_a.sql': `\n${UP}` }, 'script-markers', 2],
  ['a down block first', { '1_a.sql': '-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 1;\n' }, 'script-markers', 1],
  ['SQL before the up block', { '1_a.sql': `-- ok\nSELECT 0;\n${BOTH}` }, 'script-markers', 2],
  ['two down blocks', { '1_a.sql': `${BOTH}-- migrate:down\n` }, 'script-markers', 5],
  ['a version twice', { '1_a.sql': BOTH, '1_b.sql': BOTH }, 'duplicate-version', 1],
])('should refuse %s with its place', async (_, files, code, line) => {
  const fault = await faultOf(read(files));
  expect([fault.code, fault.kind, fault.place?.line, fault.place?.column]).toEqual([code, 'usage', line, 1]);
});
