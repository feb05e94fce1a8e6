/** Models are read by the tools of the project that they belong to, without a database and without a network. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DialectName } from '../../harness/core/migration.ts';
import type { ModelSource } from '../../harness/core/parity.ts';
import { readModel } from '../../harness/models/read-model.ts';

const ROOT = join(import.meta.dirname, '../..');
let project: string;
let bare: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'palindrome-models-'));
  bare = await mkdtemp(join(tmpdir(), 'palindrome-models-'));
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
});

afterAll(async () => {
  await rm(project, { recursive: true, force: true });
  await rm(bare, { recursive: true, force: true });
});

async function read(
  source: ModelSource,
  name: string,
  text: string,
  dialect: DialectName = 'postgres',
  folder = project,
) {
  const file = join(folder, name);
  await writeFile(file, text);
  return readModel({ source, file, shownAs: name, dialect });
}

const PRISMA = (provider: string, body: string): string => `datasource db {\n  provider = "${provider}"\n}\n${body}`;

describe('a Prisma schema', () => {
  it.each(['postgres', 'sqlite'] as const)('should become SQL for %s', async (dialect) => {
    const provider = dialect === 'postgres' ? 'postgresql' : 'sqlite';
    const sql = await read(
      'prisma',
      'a.prisma',
      PRISMA(provider, 'model T {\n  id Int @id\n  a String @unique\n}'),
      dialect,
    );
    expect(sql).toContain('CREATE TABLE "T"');
    expect(sql).toContain('CREATE UNIQUE INDEX "T_a_key"');
  });

  it('should be read from several files', async () => {
    const folder = join(project, 'several');
    await mkdir(folder);
    await writeFile(join(folder, 'db.prisma'), PRISMA('postgresql', ''));
    await writeFile(join(folder, 't.prisma'), 'model T {\n  id Int @id\n}');
    const sql = await readModel({ source: 'prisma', file: folder, shownAs: 'several', dialect: 'postgres' });
    expect(sql).toContain('CREATE TABLE "T"');
  });

  it("should be refused with the engine's own words where it is wrong", async () => {
    await expect(read('prisma', 'b.prisma', PRISMA('postgresql', 'model T {\n  id Nothing @id\n}'))).rejects.toThrow(
      expect.objectContaining({ code: 'model-unreadable', message: expect.stringContaining('Nothing') }),
    );
  });

  it('should name what to install where the project has no tool', async () => {
    await expect(read('prisma', 'c.prisma', PRISMA('postgresql', ''), 'postgres', bare)).rejects.toThrow(
      expect.objectContaining({
        code: 'model-tool-missing',
        hint: expect.stringContaining('@prisma/schema-engine-wasm'),
      }),
    );
  });

  it('should be read by the prisma command where there is no engine package', async () => {
    const folder = join(bare, 'with-prisma');
    const command = 'console.log(`CREATE TABLE by_command (args text); -- ${process.argv.slice(2).join(" ")}`);';
    await mkdir(join(folder, 'node_modules/prisma'), { recursive: true });
    await writeFile(join(folder, 'node_modules/prisma/package.json'), '{"version":"6.19.0","bin":{"prisma":"cli.js"}}');
    await writeFile(join(folder, 'node_modules/prisma/cli.js'), command);
    expect(await read('prisma', 'd.prisma', '', 'postgres', folder)).toContain(
      'migrate diff --from-empty --to-schema-datamodel',
    );
    await writeFile(join(folder, 'node_modules/prisma/package.json'), '{"version":"7.10.1","bin":{"prisma":"cli.js"}}');
    expect(await read('prisma', 'd.prisma', '', 'postgres', folder)).toContain(
      'migrate diff --from-empty --to-schema ',
    );
  });
});

describe('a Drizzle schema', () => {
  it('should become SQL', async () => {
    const fault = join(ROOT, 'migrations/faults/schema-parity/drizzle-model-with-an-index-of-its-own/good/schema.ts');
    await cp(fault, join(project, 'schema.ts'));
    const sql = await readModel({
      source: 'drizzle',
      file: join(project, 'schema.ts'),
      shownAs: 'schema.ts',
      dialect: 'postgres',
    });
    expect(sql).toContain('CREATE TABLE "snapshots"');
    expect(sql).toContain('CREATE INDEX "snapshots_cursor_idx"');
  }, 30_000);

  it('should be refused where it declares nothing, or throws', async () => {
    await expect(read('drizzle', 'none.ts', 'export const a = 1;')).rejects.toThrow(
      expect.objectContaining({ code: 'model-unreadable' }),
    );
    await expect(read('drizzle', 'throws.ts', 'throw new Error("of my own");')).rejects.toThrow(/of my own/);
  }, 30_000);

  it('should name what to install where the project has no tool', async () => {
    await expect(read('drizzle', 's.ts', '', 'postgres', bare)).rejects.toThrow(
      expect.objectContaining({ code: 'model-tool-missing', hint: expect.stringContaining('drizzle-kit') }),
    );
  });
});

it('should refuse a file of SQL that is not there', async () => {
  const model = { source: 'sql', file: join(bare, 'none.sql'), shownAs: 'none.sql', dialect: 'postgres' } as const;
  await expect(readModel(model)).rejects.toThrow(expect.objectContaining({ code: 'model-unreadable' }));
});
