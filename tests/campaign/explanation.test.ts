/** The statement that broke a promise, on real databases: named where it can be told, and nothing said where it cannot. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';
import type { PropertyId } from '../../harness/core/property.ts';

let folder = '';
let sets = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-explain-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Asked {
  readonly dialect: 'postgres' | 'sqlite';
  readonly property: PropertyId;
  readonly up: string;
  readonly down: string;
}

/** What is told of the one failure of a second migration: direction, statement, its first sentence. */
async function explain({ dialect, property, up, down }: Asked): Promise<unknown> {
  const cwd = path.join(folder, String(++sets));
  await mkdir(path.join(cwd, 'm'), { recursive: true });
  const files = {
    '1_a.up.sql': 'CREATE TABLE notes (id integer PRIMARY KEY, body text, pages numeric(8,2));',
    '1_a.down.sql': 'DROP TABLE notes;',
    '2_b.up.sql': up,
    '2_b.down.sql': down,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, 'm', name), text);
  const report = await verify({
    paths: ['m'],
    cwd,
    dialect,
    layout: 'golang-migrate',
    provider: dialect === 'postgres' ? 'embedded' : 'auto',
    cases: 12,
    seed: 3,
    only: '2_b',
    property: [property],
  });
  const [failure] = report.sets[0]!.migrations.flatMap(({ results }) =>
    results.filter((r) => r.verdict === 'falsified'),
  );
  const told = failure!.counterexample!;
  if (told.explanation === null) return null;
  const { brokenBy, sentences, excerpt } = told.explanation;
  expect(told.finding.at).toEqual(brokenBy.statement);
  expect(excerpt.lines[excerpt.from - excerpt.firstLine]).toContain(brokenBy.statement.text.split('\n')[0]);
  return [brokenBy.direction, brokenBy.statement.number, sentences[0]];
}

const lost = (which: string, what: string) =>
  `Statement ${which} is where ${what} is lost: before it the database still holds it, after it nothing does.`;

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  it('should name the statement of the up after which a value is nowhere', async () => {
    const up =
      'CREATE INDEX i ON notes (id, body);\nDROP INDEX i;\nALTER TABLE notes DROP COLUMN body;\nCREATE INDEX j ON notes (pages);';
    const down = 'DROP INDEX j;\nALTER TABLE notes ADD COLUMN body text;';
    const object = dialect === 'postgres' ? 'public.notes.body' : 'notes.body';
    expect(await explain({ dialect, property: 'rollback-restores', up, down })).toEqual([
      'up',
      3,
      lost('3 of the up', `the old value of ${object}`),
    ]);
  });

  it('should follow a value into a copy, and name the statement of the down that drops it', async () => {
    const up = 'ALTER TABLE notes RENAME COLUMN body TO words;\nCREATE TABLE log (id integer PRIMARY KEY);';
    const down = 'DROP TABLE log;\nALTER TABLE notes ADD COLUMN body text;\nALTER TABLE notes DROP COLUMN words;';
    const told = await explain({ dialect, property: 'rollback-restores', up, down });
    expect(told).toEqual(['down', 3, expect.stringContaining('is lost')]);
  });

  it('should name the statement of the up that changes a value', async () => {
    const up =
      "CREATE TABLE log (id integer PRIMARY KEY);\nUPDATE notes SET body = 'x' WHERE body IS NOT NULL;\nDROP TABLE log;";
    expect(await explain({ dialect, property: 'values-survive', up, down: 'SELECT 1;' })).toEqual([
      'up',
      2,
      expect.any(String),
    ]);
  });

  it('should name the statement that leaves the schema another one', async () => {
    const up = 'DROP TABLE IF EXISTS gone;\nCREATE INDEX i ON notes (body);\nCREATE INDEX j ON notes (pages);';
    const told = await explain({ dialect, property: 'rollback-restores', up, down: 'DROP INDEX j;' });
    expect(told).toEqual(['up', 2, expect.stringContaining('makes index')]);
    const down = 'DROP INDEX i;\nDROP INDEX j;\nCREATE INDEX k ON notes (id, body);';
    const wrong = await explain({ dialect, property: 'rollback-restores', up, down });
    expect(wrong).toEqual(['down', 3, expect.stringContaining('was not there before the up')]);
  });

  it('should say nothing where no single state tells', async () => {
    const up = 'UPDATE notes SET pages = pages + 1;';
    expect(
      await explain({ dialect, property: 'rerun-idempotent', up: `-- palindrome: claims idempotent\n${up}`, down: up }),
    ).toBe(null);
  });
});

it('should commit a transaction of the script where it is cut', async () => {
  const up = `PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new_notes (id integer PRIMARY KEY, body text, pages numeric(8,2));
INSERT INTO new_notes SELECT id, upper(body) || '!', pages FROM notes;
DROP TABLE notes;
ALTER TABLE new_notes RENAME TO notes;
COMMIT;`;
  expect(await explain({ dialect: 'sqlite', property: 'values-survive', up, down: 'SELECT 1;' })).toEqual([
    'up',
    5,
    expect.any(String),
  ]);
});
