import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { appendHistory, readHistory } from '../../harness/store/history.ts';
import { readJudged, writeJudged } from '../../harness/store/judged.ts';
import { openStore } from '../../harness/store/open-store.ts';
import { makeExample, makeStoreFolder, sampleRun as run } from './sample.ts';

it('should say its version with the first file, and give back what was saved', async () => {
  await using folder = await makeStoreFolder();
  const store = openStore(folder.path, '.palindrome');
  expect(await store.list()).toEqual([]);
  const example = makeExample();
  await store.save(example, 'SELECT 1;');
  expect(JSON.parse(await readFile(path.join(folder.path, 'store.json'), 'utf8'))).toEqual({
    format: 'palindrome-store/1',
  });
  expect(await store.loadAll()).toEqual([
    { file: `.palindrome/counterexamples/${example.id}.json`, example, fault: null },
  ]);
  await store.remove(example.id);
  expect(await readdir(path.join(folder.path, 'counterexamples'))).toEqual([]);
});

it('should refuse a store of a later version in every way, and write nothing to it', async () => {
  await using folder = await makeStoreFolder();
  await mkdir(folder.path);
  await writeFile(path.join(folder.path, 'store.json'), '{"format":"palindrome-store/2"}');
  const store = openStore(folder.path, 'kept');
  const uses = [
    () => store.list(),
    () => store.loadAll(),
    () => store.load('abc'),
    () => store.save(makeExample(), ''),
    () => store.remove('abc'),
    () => appendHistory(folder.path, 'kept', run),
    () => readHistory(folder.path, 'kept'),
    () => writeJudged(folder.path, 'kept', new Map()),
  ];
  for (const use of uses) await expect(use()).rejects.toMatchObject({ code: 'store-newer', kind: 'usage' });
  expect(await readdir(folder.path)).toEqual(['store.json']);
});

it.each(['{', '{"format":"something-else/1"}', 'null'])('should refuse a store.json that holds %s', async (text) => {
  await using folder = await makeStoreFolder();
  await mkdir(folder.path);
  await writeFile(path.join(folder.path, 'store.json'), text);
  await expect(openStore(folder.path, 'kept').list()).rejects.toMatchObject({ code: 'store-invalid' });
});

it('should tell truncated and edited counterexamples from whole ones, and keep all of them', async () => {
  await using folder = await makeStoreFolder();
  const store = openStore(folder.path, '.palindrome');
  const [whole, cut, edited] = [makeExample('a'), makeExample('b'), makeExample('c')];
  for (const example of [whole, cut, edited]) await store.save(example, '');
  const at = (id: string) => path.join(folder.path, 'counterexamples', `${id}.json`);
  await writeFile(at(cut.id), (await readFile(at(cut.id), 'utf8')).slice(0, 200));
  await writeFile(at(edited.id), (await readFile(at(edited.id), 'utf8')).replace("'c'", "'z'"));
  await expect(store.load(cut.id)).rejects.toMatchObject({ code: 'counterexample-invalid' });
  await expect(store.load(edited.id)).rejects.toMatchObject({ code: 'counterexample-edited' });
  const all = await store.loadAll();
  expect(all.filter(({ example }) => example !== null).map(({ example }) => example?.id)).toEqual([whole.id]);
  expect(all.flatMap(({ fault }) => fault ?? []).join('\n')).toMatch(
    /truncated[^]*changed after|changed after[^]*truncated/,
  );
  expect(await store.list()).toEqual([whole.id, cut.id, edited.id].toSorted());
});

it('should keep every line of runs that end at once, and pass over lines that were cut off', async () => {
  await using folder = await makeStoreFolder();
  await Promise.all(
    Array.from({ length: 40 }, (_, at) => appendHistory(folder.path, '.palindrome', { ...run, id: `run-${at}` })),
  );
  const file = path.join(folder.path, 'history.jsonl');
  await writeFile(file, `${await readFile(file, 'utf8')}{"format":"palindrome-run/1","id":"cut o`);
  const { runs, unreadable } = await readHistory(folder.path, '.palindrome');
  expect(new Set(runs.map(({ id }) => id)).size).toBe(40);
  expect(unreadable).toBe(1);
  expect(runs[0]).toEqual({ ...run, id: runs[0]?.id });
});

it('should save the same example from several openings at once, whole', async () => {
  await using folder = await makeStoreFolder();
  const example = makeExample('x'.repeat(100_000));
  await Promise.all(Array.from({ length: 12 }, () => openStore(folder.path, '.palindrome').save(example, 'SELECT 1;')));
  expect(await readdir(path.join(folder.path, 'counterexamples'))).toEqual([
    `${example.id}.json`,
    `${example.id}.repro.sql`,
  ]);
  expect((await openStore(folder.path, '.palindrome').load(example.id)).example).toEqual(example);
});

it('should remember checksums, and take a broken memory for none', async () => {
  await using folder = await makeStoreFolder();
  await writeJudged(folder.path, '.palindrome', new Map([['m/1_a', 'one']]));
  await writeJudged(folder.path, '.palindrome', new Map([['m/2_b', 'two']]));
  expect([...(await readJudged(folder.path))]).toEqual([
    ['m/1_a', 'one'],
    ['m/2_b', 'two'],
  ]);
  await writeFile(path.join(folder.path, 'judged.json'), '{');
  expect((await readJudged(folder.path)).size).toBe(0);
});
