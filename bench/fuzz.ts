/**
 * Whether a short campaign finds what is known: `fuzz` over the five sets as they are documented, for two minutes, held against their recorded verdicts and
 * against the claims that a report can judge. Says what is missing, what was told twice, and how busy the machine was: a busy one gets fewer cases.
 * Flags: `--for 120` seconds, `--seed 1`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz, type Report } from '../harness/cli/library.ts';
import { DOCUMENTS } from '../tests/claims/all-claims.ts';
import type { Claim, Lab } from '../tests/claims/claim.ts';
import { falsifiedIn, readVerdicts } from '../tests/claims/verdicts.ts';

const ROOT = path.join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { for: { type: 'string', default: '120' }, seed: { type: 'string', default: '1' } },
});
const folderOf = (set: string): string => `migrations/reference/${set}/as-documented`;
const load = (): string =>
  `load ${loadavg()
    .map((each) => each.toFixed(1))
    .join(' ')} on ${cpus().length} processors`;

console.log(load());
const store = await mkdtemp(path.join(tmpdir(), 'palindrome-fuzz-'));
const startedMs = Date.now();
const report = await fuzz({
  paths: DOCUMENTS.map(({ set }) => folderOf(set)),
  cwd: ROOT,
  provider: 'embedded',
  forMs: Number(values.for) * 1000,
  seed: Number(values.seed),
  store,
  onEvent: (event) => {
    if (event.type === 'round-finished')
      console.log(
        `  round ${event.round}: ${seconds()} s, ${event.cases} cases in ${event.visits} visits, ${event.failures} failures`,
      );
  },
});
await rm(store, { recursive: true, force: true });
const took = (Date.now() - startedMs) / 1000;
console.log(
  `${took.toFixed(1)} s, ${report.fuzz?.cases} cases, ${report.run.stoppedBecause}, exit ${report.run.exitCode}; ${load()}`,
);

console.log(JSON.stringify(report.fuzz?.spentMs));

let wanted = 0;
const missing: string[] = [];
for (const { set, claims } of DOCUMENTS) {
  const own: Report = { ...report, sets: report.sets.filter(({ path: at }) => at === folderOf(set)) };
  const found = new Set(falsifiedIn(own).map((triple) => triple.join(' ')));
  const { falsified, claims: recorded } = await readVerdicts(set);
  const known = (falsified['as-documented'] ?? []).map((triple) => triple.join(' '));
  const judged = [...(await judgedBy(own, claims))].filter(([id]) => recorded[id] === 'falsified');
  wanted += known.length + judged.length;
  missing.push(...known.filter((triple) => !found.has(triple)).map((triple) => `${set}: ${triple}`));
  missing.push(...judged.filter(([, verdict]) => verdict !== 'falsified').map(([id, verdict]) => `${id}: ${verdict}`));
  console.log(
    `${set}: ${known.length} recorded failures, ${judged.length} claims by report; ${own.sets.length === 0 ? 'not opened' : `${found.size} kinds of failure found`}`,
  );
}
const twice = toldTwice(report);
console.log(`found ${wanted - missing.length} of ${wanted}; told twice: ${twice.length}`);
for (const line of missing) console.log(`  missing  ${line}`);
for (const line of twice) console.log(`  twice    ${line}`);
process.exitCode = missing.length + twice.length === 0 ? 0 : 1;

/** Claims that need nothing but the report of the set as documented, with the verdict that this one gives. */
async function judgedBy(own: Report, claims: readonly Claim[]): Promise<ReadonlyMap<string, string>> {
  const verdicts = new Map<string, string>();
  const refuse = (): never => {
    throw new Error('only a report is here');
  };
  const lab: Lab = {
    verify: async (_set, form) => (form === 'as-documented' ? own : refuse()),
    createDatabase: async () => refuse(),
    createFolder: async () => refuse(),
  };
  for (const claim of claims) {
    const outcome = await claim.judge(lab).catch(() => null);
    if (outcome !== null) verdicts.set(claim.id, outcome.verdict);
  }
  return verdicts;
}

/** The same object of the same clause of the same property, in two results of a migration that look alike. */
function toldTwice({ sets }: Report): readonly string[] {
  return sets.flatMap(({ path: at, migrations }) =>
    migrations.flatMap(({ name, results }) => {
      const told = results
        .filter(({ verdict }) => verdict === 'falsified')
        .map(({ property, clause, objects, reason }) =>
          [at, name, property, clause, objects.join(' '), reason].join(' | '),
        );
      return told.filter((line, index) => told.indexOf(line) !== index);
    }),
  );
}

function seconds(): string {
  return ((Date.now() - startedMs) / 1000).toFixed(1);
}
