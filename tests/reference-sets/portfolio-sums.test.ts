/** The measurement of ten thousand portfolios, on a few: it passes on the set as it is, and says what differs where a sum is rounded. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SET = 'migrations/reference/track-your-stack/hardened';
const SCRIPT = '20251116090000_add_tax_reporting_models/migration.sql';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-sums-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function measure(set: string): Promise<{ readonly code: number; readonly out: string }> {
  const args = ['--import', 'tsx', 'bench/portfolios.ts', '--portfolios', '60', '--set', set];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: `${stdout}${stderr}` }),
    );
  });
}

describe('portfolios through all phases and back', () => {
  it('should keep every sum', async () => {
    const { code, out } = await measure(SET);
    expect(out).toMatch(/through phases 1 to 5 and back in [\d.]+ s, \d+ checks: every sum exact, nothing differs/);
    expect(code).toBe(0);
  });

  it('should say where a sum was rounded', async () => {
    await cp(join(ROOT, SET), join(folder, 'planted'), { recursive: true });
    const file = join(folder, 'planted', SCRIPT);
    const original = await readFile(file, 'utf8');
    const planted = original
      .replace(/-- Verification:[\s\S]*$/, '')
      .replaceAll('i."totalQuantity",', 'round(i."totalQuantity", 7),');
    expect(planted.match(/round\(/g)?.length).toBe(2);
    await writeFile(file, planted);
    const { code, out } = await measure(join(folder, 'planted'));
    expect(out).toMatch(/after 20251116090000_add_tax_reporting_models: lots-sum-to-holding: \["/);
    expect(code).toBe(1);
  });
});
