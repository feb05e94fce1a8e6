/** The clause `ledger` of `rerun-idempotent`: whole sets through the runner's ledger in throwaway databases, from `verify` to `replay`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerStarts } from '../../harness/campaign/ledger.ts';
import { verify } from '../../harness/cli/library.ts';
import type { Migration } from '../../harness/core/migration.ts';
import type { ReportResult } from '../../harness/core/report.ts';
import { makeFolder, runCli, writeFiles } from '../cli/run-cli.ts';

const PEOPLE = {
  'm/1_people.up.sql': '-- palindrome: dialect postgres\nCREATE TABLE people (id integer PRIMARY KEY, name text);\n',
  'm/1_people.down.sql': 'DROP TABLE people;\n',
};

/** A loop over every table of the schema, as people write it. */
const forEveryTable = (statement: string) => `DO $$
DECLARE
  found regclass;
BEGIN
  FOR found IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('${statement}', found);
  END LOOP;
END
$$;
`;

/** The results of `rerun-idempotent` for the last migration. */
async function lastResults(cwd: string): Promise<readonly ReportResult[]> {
  const report = await verify({
    paths: ['m'],
    cwd,
    cases: 4,
    seed: 7,
    provider: 'embedded',
    property: ['rerun-idempotent'],
  });
  return report.sets[0]?.migrations.at(-1)?.results ?? [];
}

describe('a set that is brought through a ledger twice', () => {
  it('should begin from nothing and from the middle', () => {
    const set = (length: number) => Array.from({ length }, () => ({}) as Migration);
    expect([0, 1, 2, 7].map((length) => ledgerStarts(set(length)))).toEqual([[], [0], [0, 1], [0, 3]]);
  });

  it('should be told from one whose ledger is emptied on the way, and replay to the same', async () => {
    await using folder = await makeFolder();
    await writeFiles(folder.path, {
      ...PEOPLE,
      'm/2_reset.up.sql': forEveryTable('TRUNCATE %s CASCADE'),
      'm/2_reset.down.sql': 'SELECT 1;\n',
    });
    const [result, ...more] = await lastResults(folder.path);
    expect(more).toEqual([]);
    expect(result).toMatchObject({ clause: 'ledger', verdict: 'falsified', counterexample: { rows: 0 } });
    expect(result?.reason).toContain('cannot be run again through the ledger');
    expect(result?.reason).toContain('1 pending migration would run after a later one that already ran (2_reset)');
    const { id = '', repro = '' } = result?.counterexample ?? {};
    const shown = await readFile(path.join(folder.path, repro), 'utf8');
    expect(shown).toContain(`INSERT INTO public.palindrome_ledger VALUES ('1');`);
    expect(shown.trimEnd().split('\n').at(-1)).toBe('SELECT version FROM public.palindrome_ledger ORDER BY version;');
    const again = await runCli(['replay', id, '--provider', 'embedded'], folder.path);
    expect({ code: again.code, still: again.out.includes('still fails') }).toEqual({ code: 1, still: true });
    await writeFiles(folder.path, { 'm/2_reset.up.sql': 'TRUNCATE people;\n' });
    const fixed = await runCli(['replay', id, '--provider', 'embedded'], folder.path);
    expect({ code: fixed.code, out: fixed.out.includes('fixed') || fixed.out.includes('no longer') }).toEqual({
      code: 0,
      out: true,
    });
  });

  it('should not be blamed for a script that fails on the data itself', async () => {
    await using folder = await makeFolder();
    await writeFiles(folder.path, {
      ...PEOPLE,
      'm/2_named.up.sql': `ALTER TABLE people ADD CONSTRAINT never CHECK (id IS NULL);\n`,
      'm/2_named.down.sql': 'ALTER TABLE people DROP CONSTRAINT never;\n',
    });
    const results = await lastResults(folder.path);
    expect(results.filter(({ clause }) => clause === 'ledger')).toEqual([]);
    expect(results[0]?.notes.join('\n')).toContain('went through a ledger in 1 case,');
  });
});
