import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_DECLARATIONS } from '../../harness/core/declarations.ts';
import { DIRECTIVE_FORMS, parseDirectives } from '../../harness/layouts/directives.ts';
import { faultOf, read } from './folders.ts';

it.each([
  [
    'lossy users.legacy_id because nobody reads it',
    { lossy: [{ column: 'users.legacy_id', where: 'true', reason: 'nobody reads it' }] },
  ],
  [
    `lossy public."My Users"."old id" where note = 'because' and x > 1 because it is old, because of you`,
    {
      lossy: [
        {
          column: 'public."My Users"."old id"',
          where: `note = 'because' and x > 1`,
          reason: 'it is old, because of you',
        },
      ],
    },
  ],
  [
    'lossy logs.* because they are rebuilt',
    { lossy: [{ column: 'logs.*', where: 'true', reason: 'they are rebuilt' }] },
  ],
  ['irreversible because the keys are hashed', { irreversible: { reason: 'the keys are hashed' } }],
  [
    'precondition SELECT * FROM a WHERE (b IS NULL)because the application forbids it',
    { preconditions: [{ sql: 'SELECT * FROM a WHERE (b IS NULL)', reason: 'the application forbids it' }] },
  ],
  [
    'map orders.total = round(total, 2)',
    { maps: [{ column: 'orders.total', as: 'round(total, 2)', reason: undefined }] },
  ],
  [
    'map orders.total=cents / 100.0 because of cents',
    { maps: [{ column: 'orders.total', as: 'cents / 100.0', reason: 'of cents' }] },
  ],
  ['rows settings because defaults are added', { rowChanges: [{ table: 'settings', reason: 'defaults are added' }] }],
  ['rows * because it seeds', { rowChanges: [{ table: '*', reason: 'it seeds' }] }],
  ['claims idempotent', { claims: ['idempotent'] }],
  ['rerun refuse', { rerun: 'refuse' }],
  ['RERUN idempotent', { rerun: 'idempotent' }],
  ['ignore has-effect because it only locks', { ignore: [{ property: 'has-effect', reason: 'it only locks' }] }],
  ['ignore * because it is a fixture', { ignore: [{ property: '*', reason: 'it is a fixture' }] }],
  ['dialect sqlite', {}],
])('should read: %s', (text, expected) => {
  expect(parseDirectives('a.sql', `SELECT 1;\n  -- palindrome: ${text}\r\n-- other\n`)).toEqual({
    ...NO_DECLARATIONS,
    ...expected,
  });
});

it('should join lines that are indented after their dashes', () => {
  const sql = [
    '-- palindrome: lossy users.phone',
    "--   where phone !~ '^[+]'",
    '--   because only numbers',
    '--     in the international form are kept',
    '-- an ordinary comment',
    '--   and its own continuation',
  ].join('\n');
  expect(parseDirectives('a.sql', sql).lossy).toEqual([
    { column: 'users.phone', where: "phone !~ '^[+]'", reason: 'only numbers in the international form are kept' },
  ]);
});

it.each([
  ['lossy users.a', 1, 29, 'because'],
  ['lossy users because x', 1, 22, 'table.column'],
  ['lossy users.a when b because x', 1, 30, '`where`'],
  ['irreversible', 1, 28, 'because'],
  ['irreversible users because x', 1, 29, 'because'],
  ['precondition because x', 1, 29, 'a query'],
  ['map users.a round(a)', 1, 27, '`=`'],
  ['rows a b because x', 1, 21, 'one table'],
  ['claims perfection', 1, 23, '`idempotent`'],
  ['claims idempotent always', 1, 34, 'nothing more'],
  ['rerun', 1, 21, '`refuse` or `idempotent`'],
  ['ignore holds because x', 1, 23, 'the id of a property'],
  ['dialect mysql', 1, 24, '`postgres` or `sqlite`'],
  ['lose users.a because x', 1, 16, 'There is no directive `lose`'],
  ['', 1, 16, 'without a verb'],
  ['lossy users.a because', 1, 37, 'because'],
])('should point at what is wrong in: %s', async (text, line, column, words) => {
  const fault = await faultOf(
    Promise.resolve().then(() => parseDirectives('db/a.sql', `-- palindrome: ${text}\nSELECT 1;`)),
  );
  expect([fault.code, fault.kind]).toEqual(['directive-invalid', 'usage']);
  expect(fault.message).toContain(words);
  expect(fault.place).toEqual({ file: 'db/a.sql', line, column, lineText: `-- palindrome: ${text}` });
  const isUnknown = text === '' || text.startsWith('lose');
  expect(fault.hint).toMatch(isUnknown ? /^The verbs are lossy, irreversible/ : /^Write: -- palindrome: /);
});

it('should point into the continuation line that is wrong', async () => {
  const sql = '-- palindrome: lossy users.a\n--   when b\n--   because x\n';
  const fault = await faultOf(read({ '1_a.sql': sql }));
  expect(fault.place).toMatchObject({ file: 'db/set/1_a.sql', line: 2, column: 6, lineText: '--   when b' });
});

it('should join what the up and the down declare, once for a file that holds both', async () => {
  const plain = await read({
    '1_a.sql': '-- palindrome: claims idempotent\n-- palindrome: rows a because x\nSELECT 1;',
    '1_a_down.sql': '-- palindrome: lossy a.b because y\nSELECT 1;',
  });
  expect(plain.migrations[0]?.declarations).toEqual({
    ...NO_DECLARATIONS,
    claims: ['idempotent'],
    rowChanges: [{ table: 'a', reason: 'x' }],
    lossy: [{ column: 'a.b', where: 'true', reason: 'y' }],
  });
  const goose = await read({ '1_a.sql': '-- +goose Up\n-- palindrome: rows a because x\nSELECT 1;\n-- +goose Down\n' });
  expect(goose.migrations[0]?.declarations.rowChanges).toHaveLength(1);
});

it('should read back any reason and condition that a line can hold', () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map((text) => text.replaceAll(/[\s\u0085\u180e]+/g, ' ').trim())
    .filter((text) => text !== '');
  const literal = line.map((text) => `note = '${text.replaceAll("'", "''")}'`);
  fc.assert(
    fc.property(literal, line, (where, reason) => {
      const { lossy } = parseDirectives('a.sql', `-- palindrome: lossy a.b where ${where} because ${reason}\n`);
      expect(lossy).toEqual([{ column: 'a.b', where, reason }]);
    }),
  );
});

it('should document every form, and only directives that parse', () => {
  const page = readFileSync('docs/directives.md', 'utf8');
  for (const form of Object.values(DIRECTIVE_FORMS)) expect(page).toContain(`\`${form.replaceAll('|', '\\|')}\``);
  const examples = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) expect(parseDirectives('docs/directives.md', example)).not.toEqual(NO_DECLARATIONS);
});
