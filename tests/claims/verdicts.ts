/**
 * `migrations/reference/<set>/verdicts.json`: the verdicts as they are known, so that a change of one is noticed, in either direction.
 *
 *     { "falsified": { "as-documented": [["<migration id>", "<property>", "<clause>"], …], "hardened": [] },
 *       "claims": { "<claim id>": "held" | "falsified" | "inconclusive" } }
 *
 * `falsified` is what `palindrome verify` says with the lab's seed and cases, sorted; each form of the set is named, an empty list means that everything held.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Report } from '../../harness/core/report.ts';
import { FORMS } from './claim.ts';

const ROOT = join(import.meta.dirname, '../..');

const CLAIM_VERDICT = z.enum(['held', 'falsified', 'inconclusive']);
const FALSIFIED = z.array(z.tuple([z.string(), z.string(), z.string()])).readonly();
const VERDICTS = z.strictObject({
  falsified: z.partialRecord(z.enum(FORMS), FALSIFIED),
  claims: z.record(z.string(), CLAIM_VERDICT),
});

/** What is recorded of a set. */
export type Verdicts = z.infer<typeof VERDICTS>;

/** Where a set's verdicts are recorded, relative to the repository. */
export function fileOf(set: string): string {
  return `migrations/reference/${set}/verdicts.json`;
}

/** Reads what is recorded of a set. Throws where the file is missing or not of the shape above, with each place. */
export async function readVerdicts(set: string): Promise<Verdicts> {
  const text = await readFile(join(ROOT, fileOf(set)), 'utf8');
  const parsed = VERDICTS.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${fileOf(set)} is not as it should be:\n${z.prettifyError(parsed.error)}`);
}

/** Writes what was found as what is known. */
export async function recordVerdicts(set: string, verdicts: Verdicts): Promise<void> {
  const file = join(ROOT, fileOf(set));
  // One triple a line: a diff of this file is read by people.
  const text = JSON.stringify(verdicts, null, 2).replaceAll(
    /\[\s+("[^\]]*")\s+\]/gu,
    (_, items: string) => `[${items.replaceAll(/\s+/gu, ' ')}]`,
  );
  await writeFile(file, `${text}\n`);
}

/** The falsified triples of a report, sorted; properties that a migration breaks in two clauses stand twice. */
export function falsifiedIn(report: Report): z.infer<typeof FALSIFIED> {
  const triples = report.sets.flatMap(({ migrations }) =>
    migrations.flatMap(({ id, results }) =>
      results
        .filter(({ verdict }) => verdict === 'falsified')
        .map(({ property, clause }): [string, string, string] => [id, property, clause ?? '']),
    ),
  );
  return triples.toSorted((a, b) => compare(a.join('\0'), b.join('\0')));
}

/** Each difference between what is recorded and what was found, as a sentence; empty: none. */
export function compareVerdicts(recorded: Verdicts, found: Verdicts): readonly string[] {
  const claims = [...new Set([...Object.keys(recorded.claims), ...Object.keys(found.claims)])].map((id) =>
    sayChange(id, recorded.claims[id] ?? 'not recorded', found.claims[id] ?? 'no longer a claim'),
  );
  const forms = FORMS.flatMap((form) => {
    const was = (recorded.falsified[form] ?? []).map((triple) => triple.join(' '));
    const is = (found.falsified[form] ?? []).map((triple) => triple.join(' '));
    return [
      ...was.filter((triple) => !is.includes(triple)).map((triple) => `${form} ${triple}: is no longer falsified`),
      ...is
        .filter((triple) => !was.includes(triple))
        .map((triple) => `${form} ${triple}: is falsified, and that is new`),
    ];
  });
  return [...claims.filter((change) => change !== null), ...forms];
}

function sayChange(id: string, was: string, is: string): string | null {
  return was === is ? null : `${id}: was ${was}, is ${is}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
