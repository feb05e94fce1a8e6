/** What a killed run was writing is taken away by the next one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolderStore } from '../../harness/store/folder-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-unfinished-'));
  await mkdir(join(folder, 'counterexamples'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** The id of a process that was killed. */
async function killedPid(): Promise<number> {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return child.pid ?? 0;
}

async function leave(name: string, ageMs: number): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, '{"half":');
  const then = new Date(Date.now() - ageMs);
  await utimes(file, then, then);
}

it('should take away what a killed process left, and what is too old, and nothing else', async () => {
  const dead = await killedPid();
  await leave(`counterexamples/.abc.json.${dead}.1.tmp`, 5_000);
  await leave(`.judged.json.${dead}.2.tmp`, 5_000);
  await leave(`.store.json.${process.pid}.3.tmp`, 120_000);
  // Another run is writing these, here or on another machine.
  await leave(`counterexamples/.def.json.${process.pid}.9.tmp`, 5_000);
  await leave(`counterexamples/.ghi.json.${dead}.9.tmp`, 0);
  await leave('notes.tmp', 120_000);
  await using store = openFolderStore(folder, '.palindrome');
  await store.writeJudged(new Map());
  expect((await readdir(folder)).toSorted()).toEqual(['counterexamples', 'judged.json', 'notes.tmp', 'store.json']);
  expect((await readdir(join(folder, 'counterexamples'))).toSorted()).toEqual(
    [`.def.json.${process.pid}.9.tmp`, `.ghi.json.${dead}.9.tmp`].toSorted(),
  );
});
