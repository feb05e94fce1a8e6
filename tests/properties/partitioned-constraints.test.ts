/** Constraints of a partitioned table: its partitions refuse in its name, and some rows never reach one. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-partitioned-'));
  await mkdir(join(folder, 'set'));
  const files = {
    '1_event.up.sql': `CREATE TABLE event (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
      CREATE TABLE event_24 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
      CREATE TABLE event_25 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');`,
    '1_event.down.sql': 'DROP TABLE event;',
    '2_label.up.sql': 'ALTER TABLE event ADD COLUMN label text CHECK (length(label) < 10);',
    '2_label.down.sql': 'ALTER TABLE event DROP COLUMN label;',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'set', name), text);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('constraints-enforced on a partitioned table', () => {
  it('should hold where a partition refuses by its own index, and where no partition takes the row at all', async () => {
    const report = await verify({
      paths: ['set'],
      cwd: folder,
      cases: 8,
      seed: 1,
      provider: 'embedded',
      property: ['constraints-enforced'],
    });
    const results = report.sets[0]?.migrations.flatMap((migration) => migration.results) ?? [];
    expect(
      results.map(({ verdict }) => verdict),
      JSON.stringify(results.map(({ reason }) => reason)),
    ).toEqual(['held', 'held']);
  });
});
