/** A certificate from the report of a run: nothing in it is from anywhere else. */
import type { CertificateContent, CertifiedFile, CertifiedSet } from '../core/certificate.ts';
import { coverageKey, type CoverageTally } from './coverage.ts';
import type { MutantsReport } from '../core/mutants-report.ts';
import type { Report, ReportSet } from '../core/report.ts';
import { count } from '../core/text.ts';

export interface CertificateRequest {
  readonly report: Report;
  /** Null: no mistakes were planted. */
  readonly mutants: MutantsReport | null;
  readonly coverage: CoverageTally;
  readonly files: readonly CertifiedFile[];
  readonly folders: readonly string[];
  readonly issuedAt: string;
}

/** What is to be signed. It is certified only where the run's exit code is 0, and that of the mutants where they were measured. */
export function makeCertificate({
  report,
  mutants,
  coverage,
  files,
  folders,
  issuedAt,
}: CertificateRequest): CertificateContent {
  const { seed, exitCode, durationMs, stoppedBecause } = report.run;
  const isCertified = exitCode === 0 && (mutants === null || mutants.run.exitCode === 0);
  return {
    format: 'palindrome-certificate/1',
    tool: report.tool,
    issuedAt,
    decision: isCertified ? 'certified' : 'refused',
    reason: describeDecision(report, mutants),
    run: { seed, exitCode, durationMs, stoppedBecause },
    files,
    folders,
    sets: report.sets.map((set) => certifySet(set, coverage)),
    mutants: mutants?.total ?? null,
    limits: [
      ...report.limits,
      ...(mutants === null
        ? ['No mistakes were planted: what the properties would miss is not known.']
        : mutants.limits),
    ],
  };
}

function certifySet(set: ReportSet, coverage: CoverageTally): CertifiedSet {
  const { name, path, layout, dialect, engineVersion, provider, generation, waivers } = set;
  return {
    name,
    path,
    layout,
    dialect,
    engineVersion,
    provider,
    migrations: set.migrations.map(({ id, name: whole, upSha256, downSha256, results }) => ({
      id,
      name: whole,
      upSha256,
      downSha256,
      results: results.map(({ property, clause, verdict, cases, rows, reason, accepted }) => ({
        property,
        clause,
        verdict,
        cases,
        rows,
        reason,
        accepted,
      })),
    })),
    tables: generation.tables.map(({ table, hadRows }) => ({ table, hadRows })),
    coverage: coverage.of(coverageKey(set)),
    waivers,
  };
}

function describeDecision({ run, sets }: Report, mutants: MutantsReport | null): string {
  const results = sets.flatMap(({ migrations }) => migrations.flatMap((each) => each.results));
  const of = (kind: string): number => results.filter(({ verdict }) => verdict === kind).length;
  if (run.exitCode === 0) {
    const waived = results.filter(({ accepted }) => accepted !== null).length;
    const rest = waived === 0 ? '' : `; ${count(waived, 'failure')} accepted by a waiver or the baseline`;
    if (mutants !== null && mutants.run.exitCode !== 0)
      return `too few planted mistakes were caught: ${mutants.total.killed} of ${mutants.total.killed + mutants.total.survived}`;
    return `everything that was judged held: ${count(of('held'), 'result')} in ${count(sets.length, 'set')}${rest}`;
  }
  if (run.exitCode === 1) return `${count(of('falsified'), 'result')} falsified`;
  if (run.exitCode === 4)
    return results.length === 0 ? 'nothing was judged' : `${count(of('inconclusive'), 'result')} inconclusive`;
  return `the run did not end: ${run.stoppedBecause}`;
}
