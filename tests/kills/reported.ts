/**
 * What a run reported, from everything that it may have left: the JSON report, the lines that it printed as it went, the counterexamples in its
 * store, the journal of a campaign, its exit code. And where that contradicts what a clean run with the same seed reported.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../harness/core/report.ts';

/** Verdicts, by `migration property`: `held`, or `falsified <clause>`, … */
type Verdicts = ReadonlyMap<string, string>;

export interface Reported {
  /** Null where a signal ended the run. */
  readonly exitCode: number | null;
  /** Of the JSON report; null: there is none. */
  readonly verdicts: Verdicts | null;
  /** `property/clause` of every failure that was printed as the run went on. */
  readonly printed: ReadonlySet<string>;
  /** The lines that say what became of a migration: `✓ 0001_schema 7 held, 4 inapplicable`. */
  readonly lines: ReadonlySet<string>;
  /** `migration property/clause` of every counterexample in the store. */
  readonly stored: ReadonlySet<string>;
  /** Files of the run that cannot be read as what they are, or that nobody asked for. */
  readonly broken: readonly string[];
}

/** What a file of the store may hold. */
interface StoredFile {
  readonly property?: string;
  readonly clause?: string;
  readonly migration?: { readonly name?: string };
}

/** Exit codes after which nothing is claimed: the environment failed, something stayed inconclusive, the run was interrupted. */
const CLAIMS_NOTHING: ReadonlySet<number | null> = new Set([3, 4, 130, 137, null]);

/** Reads what a run in `folder` reported. Its report is `report.json`, its store `.palindrome`. */
export function readReported(folder: string, exitCode: number | null, out: string): Reported {
  const broken: string[] = [];
  const report = readWhole(join(folder, 'report.json'), broken) as Report | null;
  const store = join(folder, '.palindrome');
  const stored = new Set<string>();
  for (const file of filesIn(store)) {
    if (file.endsWith('.tmp')) broken.push(`${file} is a half-written file`);
    else if (file.endsWith('.json')) {
      const content = readWhole(file, broken) as StoredFile | null;
      if (content?.property !== undefined)
        stored.add(`${content.migration?.name ?? '?'} ${content.property}/${content.clause ?? ''}`);
    }
  }
  return {
    exitCode,
    verdicts: report === null ? null : verdictsOf(report),
    printed: new Set([...out.matchAll(/^ {4}✗ ([a-z-]+\/\S+):/gmu)].map(([, found]) => found ?? '')),
    lines: new Set(
      [...out.matchAll(/^(?:✓|✗) \S.*$/gmu)]
        .map(([line]) => line.replace(/ +[\d,]+ cases?.*$/u, '').replaceAll(/ +/gu, ' '))
        .filter((line) => / (?:held|falsified)/u.test(line) && !/ in \d+ migrations?$/u.test(line)),
    ),
    stored,
    broken,
  };
}

/** What an interrupted run says that the clean one denies, a sentence each. What it does not say, or leaves open, contradicts nothing. */
export function contradictionsOf(clean: Reported, interrupted: Reported): readonly string[] {
  const found = [...interrupted.broken];
  if (!CLAIMS_NOTHING.has(interrupted.exitCode) && interrupted.exitCode !== clean.exitCode)
    found.push(`it ended with ${interrupted.exitCode}, a clean run with ${clean.exitCode}`);
  for (const [key, verdict] of interrupted.verdicts ?? []) {
    const expected = clean.verdicts?.get(key);
    if (verdict !== expected && !verdict.startsWith('inconclusive'))
      found.push(`its report says ${verdict} for ${key}, a clean run ${expected ?? 'nothing'}`);
  }
  for (const failure of interrupted.printed)
    if (!clean.printed.has(failure)) found.push(`it printed ${failure}, which a clean run does not find`);
  for (const failure of interrupted.stored)
    if (!clean.stored.has(failure)) found.push(`it stored ${failure}, which a clean run does not find`);
  for (const line of interrupted.lines)
    if (!clean.lines.has(line) && !line.includes('inconclusive'))
      found.push(`it printed "${line}", which a clean run does not print`);
  return found;
}

/** How much was said: verdicts, printed lines and counterexamples that were compared. */
export function countSaid({ verdicts, printed, lines, stored }: Reported): number {
  return (verdicts?.size ?? 0) + printed.size + lines.size + stored.size;
}

function verdictsOf({ sets }: Report): Verdicts {
  const verdicts = new Map<string, string>();
  for (const { migrations } of sets)
    for (const { name, results } of migrations)
      for (const { property, clause, verdict } of results) {
        // One result a clause that failed, and one a property that did not.
        const key = `${name} ${property}${verdict === 'falsified' ? `/${clause}` : ''}`;
        verdicts.set(key, verdict);
      }
  return verdicts;
}

function readWhole(file: string, broken: string[]): unknown {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    broken.push(`${file} is not whole`);
    return null;
  }
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
