import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, open, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReport } from '../../reports/write-report.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-report-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('writing a report', () => {
  it('should follow a link and leave it one', async () => {
    const [file, link] = [path.join(folder, 'report.json'), path.join(folder, 'latest.json')];
    await writeFile(file, 'old');
    await symlink('report.json', link);
    await writeReport(link, 'new');
    expect(await readlink(link)).toBe('report.json');
    expect(await readFile(file, 'utf8')).toBe('new');
  });

  it('should write into a pipe instead of replacing it', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = open(pipe, 'r').then(async (handle) => {
      const text = await handle.readFile('utf8');
      await handle.close();
      return text;
    });
    await writeReport(pipe, 'through the pipe');
    expect(await reader).toBe('through the pipe');
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });
});
