import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findDroppable } from '../../harness/campaign/prune.ts';
import { idOf, type Counterexample } from '../../harness/core/counterexample.ts';
import { openStore } from '../../harness/store/open-store.ts';
import { makeExample } from '../store/sample.ts';
import { BAD_SET, FAST, makeFolder, writeFiles } from './run-cli.ts';
import { runHere } from './run-here.ts';

const CASES = '.palindrome/counterexamples';

async function storedIds(folder: string): Promise<readonly string[]> {
  return (await readdir(path.join(folder, CASES)))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5));
}

/** The example with one more row. */
function larger(example: Counterexample): Counterexample {
  const [table] = example.dataset.tables;
  if (table === undefined) throw new Error('it has rows');
  const rows = [...table.rows, ['77', "'more'", "'rows'"]];
  const content = { ...example, dataset: { tables: [{ ...table, rows }] } };
  return { ...content, id: idOf(content) };
}

test('should drop what a smaller case shows, then what is fixed, with evidence, and nothing in a dry run', async () => {
  await using folder = await makeFolder(BAD_SET);
  await runHere(['verify', 'migrations', ...FAST, '--property', 'rollback-restores'], folder.path);
  const [small = ''] = await storedIds(folder.path);
  const example = JSON.parse(await readFile(path.join(folder.path, CASES, `${small}.json`), 'utf8')) as Counterexample;
  const more = larger(example);
  await openStore(path.join(folder.path, '.palindrome'), '.palindrome').save(more, '-- by hand');

  const dry = await runHere(['prune', '--dry-run'], folder.path);
  expect(dry.out).toContain(`would drop ${more.id}  0003_drop_nick  rollback-restores/data`);
  expect(dry.out.replaceAll(/\s+/gu, ' ')).toContain(
    `subsumed by ${small}, which shows the same with 1 row instead of 2`,
  );
  expect(await storedIds(folder.path)).toHaveLength(2);

  const done = await runHere(['prune'], folder.path);
  expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
  expect(await readdir(path.join(folder.path, CASES))).toEqual([`${small}.json`, `${small}.repro.sql`]);

  await writeFiles(folder.path, {
    'migrations/0003_drop_nick.up.sql': 'ALTER TABLE users RENAME COLUMN nick TO old_nick;\n',
    'migrations/0003_drop_nick.down.sql': 'ALTER TABLE users RENAME COLUMN old_nick TO nick;\n',
  });
  const fixed = await runHere(['prune'], folder.path);
  expect(fixed.out.replaceAll(/\s+/gu, ' ')).toContain(
    'fixed: replayed just now, the property holds for its rows (changed since:',
  );
  expect(await storedIds(folder.path)).toEqual([]);
});

test('should keep what could not be judged, and say so', async () => {
  await using folder = await makeFolder(BAD_SET);
  await runHere(['verify', 'migrations', ...FAST, '--property', 'rollback-restores'], folder.path);
  const [id = ''] = await storedIds(folder.path);
  await rm(path.join(folder.path, 'migrations'), { recursive: true });
  const { code, out } = await runHere(['prune'], folder.path);
  expect(code).toBe(3);
  expect(out).toContain(`kept ${id} (error): There is no folder migrations.`);
  expect(await storedIds(folder.path)).toEqual([id]);
});

test('should not take cases for the same that differ in scenario, parameters, object or shape', () => {
  const outcome = { status: 'still-fails', changed: [], rebased: [], finding: makeExample().finding } as const;
  const others: readonly Counterexample[] = [
    makeExample('two'),
    makeExample('two', { scenario: 'chain:0' }),
    makeExample('two', { parameters: { stop: 1 } }),
    makeExample('two', { finding: { ...makeExample().finding, object: 'main.t.b' } }),
  ];
  const dropped = findDroppable([makeExample('one'), ...others].map((example) => ({ example, outcome })));
  expect(dropped).toHaveLength(1);
});
