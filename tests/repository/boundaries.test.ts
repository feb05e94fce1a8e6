import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');

/** Imports that the lint rules must refuse: file, what it imports. */
const FORBIDDEN = [
  ['harness/core/x.ts', '../dialects/postgres/dialect.ts'],
  ['harness/core/x.ts', 'pg'],
  ['properties/x.ts', '../harness/dialects/postgres/dialect.ts'],
  ['generators/values/x.ts', '../../harness/providers/choose.ts'],
  ['generators/anonymise/x.ts', '../../harness/dialects/postgres/dialect.ts'],
  ['generators/anonymise/x.ts', 'pg'],
  ['reports/x.ts', '../harness/cli/main.ts'],
  ['harness/campaign/x.ts', '../dialects/sqlite/dialect.ts'],
  ['harness/campaign/x.ts', 'better-sqlite3'],
  ['harness/runner/x.ts', '../dialects/postgres/live.ts'],
  ['harness/runner/x.ts', '../campaign/run-case.ts'],
  ['harness/runner/x.ts', 'pg'],
  ['harness/dialects/postgres/x.ts', '../sqlite/dialect.ts'],
  ['harness/dialects/postgres/x.ts', '../../providers/choose.ts'],
  ['harness/dialects/sqlite/x.ts', 'pg'],
  ['harness/providers/x.ts', '../dialects/postgres/dialect.ts'],
  ['harness/providers/x.ts', 'pg'],
  ['harness/mutants/x.ts', '../dialects/postgres/grammar.ts'],
  ['harness/mutants/operators/x.ts', '../../campaign/plan.ts'],
  ['harness/mutants/x.ts', 'libpg-query'],
  ['harness/queue/x.ts', '../campaign/plan.ts'],
  ['harness/queue/x.ts', 'pg'],
  ['harness/models/x.ts', '../campaign/plan.ts'],
  ['harness/models/x.ts', '@prisma/schema-engine-wasm'],
] as const;

const ALLOWED = [
  ['properties/x.ts', '../harness/core/property.ts'],
  ['harness/dialects/postgres/x.ts', 'pg'],
  ['harness/dialects/postgres/x.ts', '../../core/dialect.ts'],
  ['harness/runner/x.ts', '../core/live.ts'],
  ['harness/cli/x.ts', '../dialects/postgres/dialect.ts'],
] as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-lint-'));
  await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The rules that refuse a file with that one import. */
async function refusals(file: string, imported: string): Promise<readonly string[]> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `import * as it from '${imported}';\nexport const x = it;\n`);
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [oxlint, '-f', 'json', path], { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  const report = JSON.parse(output) as { diagnostics: { code: string }[]; number_of_files: number };
  expect(report.number_of_files, 'the linter must have read the file').toBe(1);
  return report.diagnostics.map(({ code }) => code);
}

describe('import boundaries', () => {
  it.each(FORBIDDEN)('should refuse %s importing %s', async (file, imported) => {
    expect(await refusals(file, imported)).toContain('eslint(no-restricted-imports)');
  });

  it.each(ALLOWED)('should let %s import %s', async (file, imported) => {
    expect(await refusals(file, imported)).not.toContain('eslint(no-restricted-imports)');
  });
});
