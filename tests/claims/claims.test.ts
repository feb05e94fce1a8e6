import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutTimes } from '../../scripts/readme-blocks.ts';
import { runCli } from '../cli/run-cli.ts';
import { DOCUMENTS } from './all-claims.ts';
import { judgeDocuments, type JudgedDocument } from './judge.ts';
import { openLab } from './lab.ts';
import { findTable, renderMarkdown } from './table.ts';
import { compareVerdicts, readVerdicts } from './verdicts.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 1_200_000;

describe('the claims of the documents', () => {
  let store: string;
  let judged: readonly JudgedDocument[] = [];

  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), 'palindrome-claims-'));
    await using lab = openLab({ store, signal: new AbortController().signal });
    judged = await judgeDocuments(DOCUMENTS, lab);
  }, LIMIT_MS);

  afterAll(async () => {
    await rm(store, { recursive: true, force: true });
  });

  it('should have ids of their own', () => {
    const ids = DOCUMENTS.flatMap(({ claims }) => claims.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(DOCUMENTS.length);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { set, claims } of DOCUMENTS)
      for (const { id } of claims) expect(id).toMatch(new RegExp(`^${set}/[a-z0-9-]+$`));
  });

  it.each(DOCUMENTS)('should end for $set as recorded, and its hardened form should hold', async ({ set }) => {
    const document = judged.find((candidate) => candidate.set === set);
    if (document === undefined) throw new Error(`${set} was not judged.`);
    expect(document.claims.flatMap(({ fault }) => (fault === null ? [] : [fault]))).toEqual([]);
    expect(compareVerdicts(await readVerdicts(set), document.found)).toEqual([]);
    expect(document.found.falsified.hardened).toEqual([]);
    expect(document.found.falsified['hardened-drizzle'] ?? []).toEqual([]);
    expect(document.unearned).toEqual([]);
  });

  it('should stand in the README as they end today', async () => {
    const table = findTable(await readFile(join(ROOT, 'README.md'), 'utf8'));
    expect(withoutTimes(table ?? '')).toEqual(withoutTimes(renderMarkdown(judged)));
  });

  it('should give ids that can be replayed', async () => {
    const replays = judged.flatMap(({ claims }) => claims.map(({ outcome }) => outcome?.replay ?? null));
    const [id] = replays.filter((replay) => replay !== null);
    const { code, out } = await runCli(['replay', id ?? '', '--store', store, '--provider', 'embedded'], ROOT);
    expect(out).toContain('still fails');
    expect(code).toBe(1);
  });
});
