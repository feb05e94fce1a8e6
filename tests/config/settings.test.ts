import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULTS, resolveSettings } from '../../harness/config/settings.ts';
import type { Flags } from '../../harness/config/settings.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), 'palindrome-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(cwd, file)), { recursive: true });
  await writeFile(path.join(cwd, file), text);
}

const resolve = (paths: readonly string[], flags: Flags = {}, env: Record<string, string> = {}) =>
  resolveSettings({ paths, flags, cwd, env });

test('should take a flag over the configuration, and the configuration over the default', async () => {
  await mkdir(path.join(cwd, 'plain'));
  await write(
    'set/palindrome.config.json',
    JSON.stringify({
      cases: 7,
      seed: 11,
      provider: 'embedded',
      postgres: ['15'],
      image: 'i',
      serverUrl: 'postgres://config/',
      allowRemote: true,
      only: 'c*',
      property: ['applies'],
      keep: true,
      store: 's',
      color: false,
      dialect: 'postgres',
      layout: 'prisma',
      timeouts: { statementMs: 5 },
      report: ['json=c.json'],
    }),
  );
  const flags: Flags = {
    cases: 9,
    seed: 13,
    provider: 'container',
    postgres: ['16'],
    image: 'j',
    serverUrl: 'postgres://flag/',
    allowRemote: false,
    only: 'f*',
    property: ['has-effect'],
    keep: false,
    store: 't',
    color: true,
    dialect: 'sqlite',
    layout: 'goose',
    statementMs: 6,
    scriptMs: 8,
    report: ['json=f.json'],
  };
  const [fromDefault, fromConfig, fromFlag] = [
    await resolve(['plain']),
    await resolve(['set']),
    await resolve(['set'], flags),
  ];

  expect(fromDefault.sets[0]).toMatchObject({
    cases: DEFAULTS.cases,
    provider: 'auto',
    postgres: [null],
    image: null,
    serverUrl: null,
    allowRemote: false,
    dialect: null,
    layout: null,
    limits: { statementMs: 30_000, scriptMs: 120_000 },
    source: null,
  });
  expect(fromDefault.run).toMatchObject({
    only: null,
    propertyIds: null,
    keep: false,
    color: null,
    store: { folder: path.join(cwd, '.palindrome'), shownAs: '.palindrome' },
    reports: [{ format: 'terminal', file: null }],
  });
  expect(fromConfig.sets[0]).toMatchObject({
    cases: 7,
    provider: 'embedded',
    postgres: ['15'],
    image: 'i',
    serverUrl: 'postgres://config/',
    allowRemote: true,
    dialect: 'postgres',
    layout: 'prisma',
    limits: { statementMs: 5, scriptMs: 120_000 },
  });
  expect(fromConfig.run).toMatchObject({
    seed: 11,
    only: 'c*',
    propertyIds: ['applies'],
    keep: true,
    color: false,
    store: { folder: path.join(cwd, 'set', 's'), shownAs: 'set/s' },
    reports: [
      { format: 'terminal', file: null },
      { format: 'json', file: path.join(cwd, 'set', 'c.json') },
    ],
  });
  expect(fromFlag.sets[0]).toMatchObject({
    cases: 9,
    provider: 'container',
    postgres: ['16'],
    image: 'j',
    serverUrl: 'postgres://flag/',
    allowRemote: false,
    dialect: 'sqlite',
    layout: 'goose',
    limits: { statementMs: 6, scriptMs: 8 },
  });
  expect(fromFlag.run).toMatchObject({
    seed: 13,
    only: 'f*',
    propertyIds: ['has-effect'],
    keep: false,
    color: true,
    store: { folder: path.join(cwd, 't'), shownAs: 't' },
    reports: [
      { format: 'terminal', file: null },
      { format: 'json', file: path.join(cwd, 'f.json') },
    ],
  });
});

test('should take the server from the environment between flag and configuration, and never from DATABASE_URL', async () => {
  await write('set/palindrome.config.json', '{"serverUrl":"postgres://config/"}');
  const env = { PALINDROME_SERVER_URL: 'postgres://env/', DATABASE_URL: 'postgres://production/' };
  expect((await resolve(['set'], {}, env)).sets[0]?.serverUrl).toBe('postgres://env/');
  expect((await resolve(['set'], { serverUrl: 'postgres://flag/' }, env)).sets[0]?.serverUrl).toBe('postgres://flag/');
  expect((await resolve(['set'], {}, { DATABASE_URL: 'x' })).sets[0]?.serverUrl).toBe('postgres://config/');
});

test('should find the configuration in the folder, then in its parents, then where it runs', async () => {
  await write('palindrome.config.json', '{"cases":1}');
  await mkdir(path.join(cwd, 'db/migrations'), { recursive: true });
  expect((await resolve(['db/migrations'])).sets[0]?.cases).toBe(1);
  await write('db/palindrome.config.json', '{"cases":2}');
  expect((await resolve(['db/migrations'])).sets[0]?.cases).toBe(2);
  await write('db/migrations/palindrome.config.json', '{"cases":3}');
  expect((await resolve(['db/migrations'])).sets[0]?.cases).toBe(3);
  expect((await resolve(['db/migrations'], { config: 'palindrome.config.json' })).sets[0]?.cases).toBe(1);
});

test('should pass over a configuration that speaks of another folder, unless it is given', async () => {
  await write('palindrome.config.json', '{"migrations":"a","cases":1}');
  expect((await resolve(['a'])).sets[0]?.cases).toBe(1);
  expect((await resolve(['b'])).sets[0]?.cases).toBe(DEFAULTS.cases);
  expect((await resolve(['b'], { config: 'palindrome.config.json' })).sets[0]?.cases).toBe(1);
  expect((await resolve([])).sets[0]?.folder).toBe(path.join(cwd, 'a'));
});

test('should load TypeScript with our own defineConfig and fast-check, installed or not', async () => {
  await write(
    'palindrome.config.ts',
    `import fc from 'fast-check';
     import { defineConfig } from 'palindrome';
     const cases: number = 12;
     export default defineConfig({ migrations: 'm', cases, generators: { 'a.b': fc.constant(1) } });`,
  );
  const { sets } = await resolve([]);
  expect(sets[0]?.source?.issues).toEqual([]);
  expect(sets[0]?.cases).toBe(12);
});

test('should draw a seed of 31 bits where none is given, and keep 32 bits of one that is', async () => {
  const drawn = new Set<number>();
  for (let i = 0; i < 5; i++) drawn.add((await resolve(['m'])).run.seed);
  expect(drawn.size).toBeGreaterThan(1);
  expect([...drawn].every((seed) => seed >= 0 && seed < 2 ** 31)).toBe(true);
  expect((await resolve(['m'], { seed: 4_294_967_295 })).run.seed).toBe(-1);
});

test.each<[string, string, Record<string, string>, readonly string[], Flags]>([
  ['no folder at all', 'no-migrations', {}, [], {}],
  ['a --config that is not there', 'config-not-found', {}, ['m'], { config: 'nope.ts' }],
  ['JSON that does not parse', 'config-unreadable', { 'palindrome.config.json': '{"cases": 1,\n oops}' }, ['m'], {}],
  ['a configuration that throws', 'config-unreadable', { 'palindrome.config.ts': 'throw new Error("no")' }, ['m'], {}],
  [
    'a configuration that exports nothing',
    'config-unreadable',
    { 'palindrome.config.js': 'export const a = 1' },
    ['m'],
    {},
  ],
  [
    'two configurations in one folder',
    'config-ambiguous',
    { 'palindrome.config.ts': '', 'palindrome.config.json': '{}' },
    ['m'],
    {},
  ],
  ['one image for two versions', 'settings-conflict', {}, ['m'], { image: 'i', postgres: ['15', '17'] }],
  ['an unknown report format', 'report-unknown', {}, ['m'], { report: ['jsn'] }],
  ['two reports on standard output', 'report-conflict', {}, ['m'], { report: ['json', 'terminal'] }],
  ['annotations between the lines of a document', 'report-conflict', {}, ['m'], { report: ['github', 'junit'] }],
  ['one file for two reports', 'report-conflict', {}, ['m'], { report: ['junit=a.xml', 'sarif=a.xml'] }],
])('should refuse %s', async (_what, code, files, paths, flags) => {
  for (const [file, text] of Object.entries(files)) await write(file, text);
  await expect(resolve(paths, flags)).rejects.toMatchObject({ code, kind: 'usage' });
});

test('should refuse one run with two seeds', async () => {
  await write('a/palindrome.config.json', '{"seed":1}');
  await write('b/palindrome.config.json', '{"seed":2}');
  await expect(resolve(['a', 'b'])).rejects.toMatchObject({ code: 'config-conflict' });
  expect((await resolve(['a', 'b'], { seed: 3 })).run.seed).toBe(3);
});

test('should point at the place in JSON that does not parse', async () => {
  await write('palindrome.config.json', '{"cases": 1,\n  oops}');
  await expect(resolve(['m'])).rejects.toMatchObject({ place: { line: 2, column: 3, lineText: '  oops}' } });
});
