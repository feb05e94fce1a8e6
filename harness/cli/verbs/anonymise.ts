/** `palindrome anonymise`: what a dataset becomes, for reviewing rules before anything is judged with it. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveSettings } from '../../config/settings.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import { describeColumns, describeDatasets } from '../../../reports/dataset-section.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { readSets } from '../read-sets.ts';

/** Reads, masks and matches, prints the columns, and drops everything again. Returns 0, or 4 where no row came of it. */
export async function runAnonymise(
  paths: readonly string[],
  { out, ...raw }: RawFlags & { readonly out?: string | undefined },
  io: Io,
): Promise<number> {
  const settings = await resolveSettings({ paths, flags: readFlags(raw), cwd: io.cwd, env: io.env });
  const sets = await readSets(settings.sets, io.env);
  const [first, second] = sets;
  if (first === undefined || second !== undefined || first.settings.dataset === null) {
    throw new PalindromeError('dataset-missing', 'One folder of migrations and one dataset are needed.', {
      hint: 'Type: palindrome anonymise path/to/migrations --dataset staging.sql',
    });
  }
  const [{ planSets }, { openServerPool }, { prepareStartingCases }, { makeRoles }] = await Promise.all([
    import('../plan-sets.ts'),
    import('../server-pool.ts'),
    import('../../campaign/starting-cases.ts'),
    import('../../campaign/make-roles.ts'),
  ]);
  await using pool = openServerPool();
  const [planned] = await planSets(sets, pool);
  if (planned === undefined || planned.starting === null) throw new TypeError('a plan without its dataset');
  await using cluster = await planned.openCluster();
  await makeRoles(cluster, planned);
  const { starting } = planned;
  const cases = await prepareStartingCases({ planned, starting, cluster, signal: io.signal });
  const style = styleFor(io, settings.run.color);
  const lines = [
    ...describeColumns(cases.report, style),
    '',
    ...describeDatasets([{ dataset: cases.report }], style),
    ...cases.limits.map((limit) => `  ${style.glyphs.bullet} ${limit}`),
  ];
  io.out(`${lines.join('\n')}\n`);
  const [dataset] = cases.byMigration.values();
  if (out !== undefined)
    await write(path.resolve(io.cwd, out), `${JSON.stringify(dataset ?? { tables: [] }, null, 2)}\n`);
  return dataset === undefined ? 4 : 0;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new PalindromeError('report-not-written', `The masked rows could not be written: ${messageOf(cause)}`, {
      kind: 'environment',
      cause,
    });
  }
}
