/** The order of each layout, against the rule of its tool written a second time in the most naive way. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LayoutName } from '../../harness/core/migration.ts';
import { LAYOUTS } from '../../harness/layouts/layouts.ts';
import { makeFolder } from './folders.ts';

const number = fc.oneof(
  fc.nat({ max: 30 }),
  fc.nat({ max: 10 ** 6 }),
  fc.integer({ min: 20_200_101, max: 20_301_231 }),
);
const padded = fc.tuple(number, fc.nat({ max: 6 })).map(([n, width]) => String(n + 1).padStart(width, '0'));
const title = fc.stringMatching(/^[A-Za-zé😀_-]{0,6}$/u);

interface Rule {
  readonly layout: LayoutName;
  readonly files: (version: string, title: string) => readonly [string, string];
  /** What must differ between two migrations of one folder. */
  readonly key: (version: string, title: string) => string;
  readonly compare: (a: Named, b: Named) => number;
}

interface Named {
  readonly version: string;
  readonly title: string;
  readonly name: string;
}

const byNumber = (a: Named, b: Named): number => Number(a.version) - Number(b.version);
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const value = (version: string): string => String(Number(version));

const RULES: readonly Rule[] = [
  { layout: 'plain', files: (v, t) => [`${v}_${t}.sql`, 'SELECT 1;'], key: value, compare: byNumber },
  { layout: 'golang-migrate', files: (v, t) => [`${v}_${t}.up.sql`, 'SELECT 1;'], key: value, compare: byNumber },
  { layout: 'goose', files: (v, t) => [`${v}_${t}.sql`, '-- +goose Up\nSELECT 1;'], key: value, compare: byNumber },
  {
    layout: 'diesel',
    files: (v, t) => [`${v}_${t}/up.sql`, 'SELECT 1;'],
    key: (v) => v,
    compare: (a, b) => byBytes(a.version, b.version),
  },
  {
    layout: 'dbmate',
    files: (v, t) => [`${v}_${t}.sql`, '-- migrate:up\nSELECT 1;\n-- migrate:down\n'],
    key: (v) => v,
    compare: (a, b) => byBytes(`${a.name}.sql`, `${b.name}.sql`),
  },
  {
    layout: 'sql-migrate',
    files: (v, t) => [`${v}_${t}.sql`, '-- +migrate Up\nSELECT 1;\n'],
    key: (v, t) => `${v}_${t}`,
    compare: (a, b) => byNumber(a, b) || byBytes(`${a.name}.sql`, `${b.name}.sql`),
  },
  {
    layout: 'prisma',
    files: (v, t) => [`${v}_${t}/migration.sql`, 'SELECT 1;'],
    key: (v, t) => `${v}_${t}`,
    compare: (a, b) => a.name.localeCompare(b.name, 'en') || (a.name < b.name ? -1 : 1),
  },
];

it.each(RULES)('should order as $layout does', async ({ layout, files, key, compare }) => {
  const names = fc.uniqueArray(fc.tuple(padded, title), {
    minLength: 1,
    maxLength: 12,
    selector: ([v, t]) => key(v, t),
  });
  await fc.assert(
    fc.asyncProperty(names, async (pairs) => {
      const content = Object.fromEntries(pairs.map(([v, t]) => files(v, t)));
      await using folder = await makeFolder(content);
      const set = await LAYOUTS[layout].read({
        folder: folder.path,
        shownAs: 'set',
        dialect: 'postgres',
        files: Object.keys(content).toSorted(),
      });
      const expected = pairs.map(([v, t]) => ({ version: v, title: t, name: `${v}_${t}` })).toSorted(compare);
      expect(set.migrations.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      expect(new Set(set.migrations.map(({ id }) => id)).size).toBe(pairs.length);
    }),
    { numRuns: 60 },
  );
});

it('should read a drizzle journal in its own order, whatever the names', async () => {
  const tags = fc.uniqueArray(
    fc.tuple(padded, title).map(([v, t]) => `${v}_${t}`),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(tags, async (names) => {
      const entries = names.map((tag, idx) => ({ idx, tag, when: idx, version: '7', breakpoints: true }));
      const content: Record<string, string> = { 'meta/_journal.json': JSON.stringify({ dialect: 'sqlite', entries }) };
      for (const name of names) content[`${name}.sql`] = 'SELECT 1;';
      await using folder = await makeFolder(content);
      const files = Object.keys(content).toSorted();
      const set = await LAYOUTS.drizzle.read({ folder: folder.path, shownAs: 'set', dialect: 'sqlite', files });
      expect(set.migrations.map(({ name }) => name)).toEqual(names);
      expect(new Set(set.migrations.map(({ id }) => id)).size).toBe(names.length);
    }),
    { numRuns: 40 },
  );
});
