import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sqliteMemoryProvider, sqliteProvider } from '../../harness/providers/sqlite.ts';
import { REQUEST, leftoversOf } from './fixtures/look.ts';

describe('the SQLite provider', () => {
  it('should give a private folder and remove it with what was put there', async () => {
    const server = await sqliteProvider.start(REQUEST);
    const folder = server.dialect === 'sqlite' ? server.folder! : '';
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    writeFileSync(join(folder, 'a.db'), 'x');
    await server[Symbol.asyncDispose]();
    expect(leftoversOf(folder)).toEqual([]);
  });

  it('should leave the folder that is to be kept', async () => {
    const server = await sqliteProvider.start({ ...REQUEST, keep: true });
    const folder = server.dialect === 'sqlite' ? server.folder! : '';
    await server[Symbol.asyncDispose]();
    expect(existsSync(folder)).toBe(true);
    expect(existsSync(`${folder}.lease`)).toBe(false);
    rmSync(folder, { recursive: true });
    expect(leftoversOf(folder)).toEqual([]);
  });

  it('should give no folder for databases in memory', async () => {
    await using server = await sqliteMemoryProvider.start(REQUEST);
    expect(server).toMatchObject({ dialect: 'sqlite', folder: null, runId: expect.stringMatching(/^[a-z0-9]{10}$/) });
  });
});
