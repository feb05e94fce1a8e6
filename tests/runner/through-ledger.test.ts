/** Whole sets through the ledger: the second run runs nothing and changes nothing (`rerun-idempotent`, clause 3 of its law). */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { down, up } from '../../harness/cli/library.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import { makeBench, useServer } from './support.ts';

useServer();

const ROOT = path.join(import.meta.dirname, '../..');
const REFERENCE = path.join(ROOT, 'migrations/reference');

/** Every hardened reference set. */
function referenceSets(): readonly { readonly name: string; readonly dialect: DialectName }[] {
  return readdirSync(REFERENCE).flatMap((set) =>
    readdirSync(path.join(REFERENCE, set))
      .filter((form) => form.startsWith('hardened'))
      .map((form) => ({
        name: `${set}/${form}`,
        dialect: set === 'risk-daemon' ? ('sqlite' as const) : ('postgres' as const),
      })),
  );
}

describe('a set that is run again through the ledger', () => {
  it.each(referenceSets())('should run nothing and change nothing: $name', async ({ name, dialect }) => {
    await using bench = await makeBench(dialect, {});
    const options = {
      database: bench.database,
      cwd: bench.cwd,
      path: path.join(REFERENCE, name),
      backup: false,
    };
    const first = await up(options);
    expect({ ended: first.ended, why: first.failure?.outcome ?? null }).toEqual({ ended: 'done', why: null });
    expect(first.done).toBeGreaterThan(0);
    const before = await bench.imprint();
    const second = await up(options);
    expect({ ended: second.ended, steps: second.steps.length }).toEqual({ ended: 'done', steps: 0 });
    expect(await bench.imprint()).toBe(before);
  });

  it('should notice a set that throws its own ledger away', async () => {
    await using bench = await makeBench('postgres', {
      '1_a.up.sql': 'CREATE TABLE IF NOT EXISTS a (id integer);\n',
      '2_b.up.sql': 'DROP TABLE palindrome_ledger;\n',
    });
    const options = { database: bench.database, cwd: bench.cwd, path: 'm' };
    const first = await up(options);
    expect({ ended: first.ended, left: first.failure?.left }).toEqual({ ended: 'failed', left: 'nothing' });
    expect((await up({ ...options, dryRun: true })).steps).toHaveLength(1);
  });
});

describe('a file that holds both directions', () => {
  it('should run outside of a transaction what cannot run inside of one, forward and back', async () => {
    await using bench = await makeBench('postgres', {
      '00001_visits.sql':
        '-- +goose Up\nCREATE TABLE visits (id integer, page text);\n\n-- +goose Down\nDROP TABLE visits;\n',
      '00002_index.sql':
        '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY visits_page ON visits (page);\n\n-- +goose Down\nDROP INDEX CONCURRENTLY visits_page;\n',
    });
    const options = { database: bench.database, cwd: bench.cwd, path: 'm' };
    const forward = await up(options);
    expect({ ended: forward.ended, why: forward.failure?.outcome ?? null }).toEqual({ ended: 'done', why: null });
    expect(forward.steps.map(({ isAtomic }) => isAtomic)).toEqual([true, false]);
    expect(await bench.rows("SELECT indisvalid::text FROM pg_index WHERE indrelid = 'visits'::regclass")).toEqual([
      ['true'],
    ]);
    const back = await down(options);
    expect({ ended: back.ended, why: back.failure?.outcome ?? null }).toEqual({ ended: 'done', why: null });
    expect(await bench.rows("SELECT 1 FROM pg_index WHERE indrelid = 'visits'::regclass")).toEqual([]);
  });

  it('should tell what a down left from its own statements, not from those of the up above it', async () => {
    await using bench = await makeBench('postgres', {
      '00001_visits.sql':
        '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE visits (id integer);\nCREATE INDEX CONCURRENTLY visits_id ON visits (id);\n\n-- +goose Down\nDROP TABLE nothing_of_the_kind;\nDROP TABLE visits;\n',
    });
    const options = { database: bench.database, cwd: bench.cwd, path: 'm' };
    expect((await up(options)).ended).toBe('done');
    const back = await down(options);
    expect({ ended: back.ended, left: back.failure?.left }).toEqual({ ended: 'failed', left: 'nothing' });
  });
});
