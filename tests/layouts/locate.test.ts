import { expect, it } from 'vitest';
import { nameSet } from '../../harness/layouts/set-name.ts';
import { faultOf, read } from './folders.ts';

const SQL = 'SELECT 1;';

it.each(['migrations', 'prisma/migrations', 'db/migrations', 'drizzle', 'apps/web/server/src/migrations'])(
  'should find the only set below a folder in %s, and say so',
  async (where) => {
    const set = await read({
      [`${where}/1_a.sql`]: SQL,
      'package.json': '{}',
      'node_modules/x/migrations/1_a.sql': SQL,
    });
    expect(set.path).toBe(`db/set/${where}`);
    expect(set.migrations[0]?.up.file).toBe(`db/set/${where}/1_a.sql`);
    expect(set.notes).toEqual([`The migrations are in db/set/${where}.`]);
  },
);

it('should prefer a usual place to test data, and a set to what lies inside it', async () => {
  const set = await read({
    'migrations/1_a/up.sql': SQL,
    'migrations/1_a/data/1_rows.sql': SQL,
    'tests/fixtures/01_rows.sql': SQL,
  });
  expect([set.path, set.layout]).toEqual(['db/set/migrations', 'diesel']);
});

it('should list the candidates where there are several, and take the one that the dialect names', async () => {
  const files = { 'migrations/postgres/1_a.up.sql': SQL, 'migrations/sqlite/1_a.up.sql': SQL };
  const fault = await faultOf(read(files, { dialect: null }));
  expect([fault.code, fault.kind]).toEqual(['set-ambiguous', 'usage']);
  expect(fault.message).toBe(
    'db/set holds several folders of migrations: db/set/migrations/postgres, db/set/migrations/sqlite.',
  );
  expect((await read(files, { dialect: 'sqlite' })).path).toBe('db/set/migrations/sqlite');
});

it('should show paths without a slash at the end', async () => {
  const set = await read({ '1_a.sql': SQL }, { shownAs: 'db/set/' });
  expect([set.path, set.migrations[0]?.up.file]).toEqual(['db/set', 'db/set/1_a.sql']);
  const here = await read({ '1_a.sql': SQL }, { shownAs: '.' });
  expect([here.path, here.migrations[0]?.up.file]).toEqual(['.', '1_a.sql']);
});

it('should look for the wanted layout below the folder', async () => {
  const files = { 'a/1_x.sql': SQL, 'b/1_x/up.sql': SQL };
  expect((await read(files, { layout: 'diesel' })).path).toBe('db/set/b');
  expect((await read(files, { layout: 'plain' })).path).toBe('db/set/a');
});

it.each([
  ['migrations/reference/track-your-stack/hardened', 'track-your-stack/hardened'],
  ['shop/db/migrations', 'shop/migrations'],
  ['shop/db/postgres/migrations', 'shop/postgres/migrations'],
  ['pocket-id/backend/resources/migrations/sqlite', 'pocket-id/sqlite'],
  ['services/billing', 'billing'],
  ['../elsewhere/migrations', 'elsewhere/migrations'],
  ['./migrations', 'migrations'],
  ['db/migrations/', 'db/migrations'],
  ['faults/lost-rows/bad', 'lost-rows/bad'],
])('should call the set in %s %s', (shownAs, name) => {
  expect(nameSet('/home/someone/work/other', shownAs)).toBe(name);
});

it('should take the name of the folder itself where the shown path is only dots', () => {
  expect(nameSet('/home/someone/shop/migrations', '.')).toBe('shop/migrations');
  expect(nameSet('/home/someone/shop', '..')).toBe('shop');
});
