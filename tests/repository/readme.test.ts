import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFolder, readBlocks, runCommand, withoutTimes, type ReadmeBlock } from '../../scripts/readme-blocks.ts';

const root = join(import.meta.dirname, '../..');

describe('the README', () => {
  let blocks: readonly ReadmeBlock[];

  beforeAll(async () => {
    blocks = await readBlocks();
  });

  it('should show a set that holds, a fault, and its replay, as they print today', async () => {
    expect(blocks.map(({ name }) => name)).toEqual(['holds', 'fails', 'replay']);
    await using folder = await openFolder();
    for (const { command, shown } of blocks) {
      const printed = withoutTimes(await runCommand(command, folder.path));
      let from = 0;
      for (const line of withoutTimes(shown)) {
        if (line === '…') continue;
        const at = printed.indexOf(line, from);
        expect(
          at,
          `"${line}" is not in the output of palindrome ${command.join(' ')}:\n${printed.join('\n')}`,
        ).not.toBe(-1);
        from = at + 1;
      }
      expect(from).toBeGreaterThan(3);
    }
  });

  it('should name only files that exist', async () => {
    const text = await readFile(join(root, 'README.md'), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) await expect(readFile(join(root, link)), link).resolves.toBeDefined();
  });

  it('should hold the two commands that do everything', async () => {
    const text = await readFile(join(root, 'README.md'), 'utf8');
    expect(text).toContain('npm ci && npm run verify');
    expect(text).toContain('npm ci && npm test');
  });
});
