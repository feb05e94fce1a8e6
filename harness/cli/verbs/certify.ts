import path from 'node:path';
import { type CoverageTally, makeCoverageTally } from '../../campaign/coverage.ts';
import { makeCertificate } from '../../campaign/make-certificate.ts';
import { resolveSettings, type Settings, type SetSettings } from '../../config/settings.ts';
import { type Certificate, describeObligation } from '../../core/certificate.ts';
import { PalindromeError } from '../../core/errors.ts';
import { PROPERTY_IDS } from '../../core/property.ts';
import type { MutantsReport } from '../../core/mutants-report.ts';
import type { Report } from '../../core/report.ts';
import { count } from '../../core/text.ts';
import {
  findCertificateFaults,
  hashFiles,
  readCertificate,
  readPrivateKey,
  readPublicKey,
  sealCertificate,
} from '../../store/certificate-file.ts';
import { renderCertificatePage } from '../../../reports/certificate-page.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { writeReport } from '../../../reports/write-report.ts';
import type { RawFlags } from '../flags.ts';
import { readFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../io.ts';
import { DEFAULT_MUTANT_CASES, mutateSets } from '../mutate-sets.ts';
import { verifySets } from '../verify-sets.ts';
import { makeReporters } from '../make-reporters.ts';

interface CertifyFlags extends RawFlags {
  readonly out?: string;
  readonly key?: string;
  readonly check?: string;
  readonly publicKey?: string;
  readonly mutants?: number;
  readonly minScore?: number;
}

const MAJORS = ['14', '15', '16', '17', '18'];
const FILE = 'palindrome-certificate.json';

/** `palindrome certify`: the exit code of the run, and 1 where too few mistakes are caught; with `--check`, 0 or 1. */
export async function runCertify(paths: readonly string[], raw: CertifyFlags, io: Io): Promise<number> {
  const { out, key, check, publicKey, mutants = 0, minScore, ...flags } = raw;
  if (check !== undefined) return checkCertificate(check, publicKey, io);
  if (publicKey !== undefined)
    throw new PalindromeError('settings-conflict', '--public-key says nothing without --check.', {
      hint: 'A certificate is signed with --key, and checked with --check FILE --public-key FILE.',
    });
  const shownAs = out ?? FILE;
  // A key that cannot be read should be told before hours of work.
  const privateKey = key === undefined ? null : await readPrivateKey(path.resolve(io.cwd, key), key);
  const settings = wholeMatrix(await resolveSettings({ paths, flags: readFlags(flags), cwd: io.cwd, env: io.env }));
  const folders = [...new Set(settings.sets.map((set) => set.shownAs))];
  const configurations = settings.sets.flatMap(({ source, baseline }) => [
    ...(source === null ? [] : [source.file]),
    ...(baseline.isNamed ? [baseline.file] : []),
  ]);
  const before = await hashFiles(folders, configurations, io.cwd);
  const coverage = makeCoverageTally();
  const report = await runProperties(settings, coverage, io);
  const planted = mutants > 0 && report.run.exitCode === 0 ? await runMutants(settings, mutants, minScore, io) : null;
  const files = await hashFiles(folders, configurations, io.cwd);
  if (JSON.stringify(before) !== JSON.stringify(files))
    throw new PalindromeError('certificate-files-changed', 'Files of the sets were changed while they were judged.', {
      hint: 'Run it again on a checkout that nobody works in.',
    });
  const issuedAt = new Date().toISOString();
  const content = makeCertificate({ report, mutants: planted, coverage, files, folders, issuedAt });
  const certificate = sealCertificate(content, privateKey);
  await writeReport(path.resolve(io.cwd, shownAs), `${JSON.stringify(certificate, null, 2)}\n`);
  const page = pageOf(shownAs);
  await writeReport(path.resolve(io.cwd, page), renderCertificatePage(certificate, shownAs));
  tell(certificate, shownAs, flags.color ?? null, io);
  return report.run.exitCode !== 0 ? report.run.exitCode : (planted?.run.exitCode ?? 0);
}

/** The page lies beside the certificate, under its name. */
function pageOf(certificate: string): string {
  return `${certificate.replace(/\.json$/u, '')}.html`;
}

/** Every property, and where no version was asked for, every version of PostgreSQL. */
function wholeMatrix(settings: Settings): Settings {
  return {
    run: { ...settings.run, propertyIds: settings.run.propertyIds ?? PROPERTY_IDS },
    sets: settings.sets.map((set) => (asksForNoVersion(set) ? { ...set, postgres: MAJORS } : set)),
  };
}

function asksForNoVersion({ postgres, image, provider, serverUrl }: SetSettings): boolean {
  return postgres.every((major) => major === null) && image === null && provider !== 'server' && serverUrl === null;
}

async function runProperties(settings: Settings, coverage: CoverageTally, io: Io): Promise<Report> {
  const reporters = makeReporters(settings.run, io);
  try {
    return await verifySets({
      settings,
      env: io.env,
      signal: io.signal,
      toolVersion: io.toolVersion,
      verb: 'certify',
      coverage,
      emit: (event) => {
        for (const reporter of reporters) reporter.onEvent(event);
      },
    });
  } finally {
    await Promise.allSettled(reporters.map((reporter) => reporter.close()));
  }
}

async function runMutants(
  settings: Settings,
  max: number,
  minScore: number | undefined,
  io: Io,
): Promise<MutantsReport> {
  // Mistakes are in the scripts: one version tells.
  const sets = settings.sets.map((set) => ({
    ...set,
    cases: DEFAULT_MUTANT_CASES,
    postgres: set.postgres.slice(-1),
  }));
  return mutateSets({
    settings: { run: { ...settings.run, propertyIds: null }, sets },
    max,
    minScore: minScore ?? null,
    env: io.env,
    signal: io.signal,
    toolVersion: io.toolVersion,
    onProgress: () => undefined,
  });
}

function tell(certificate: Certificate, shownAs: string, color: boolean | null, io: Io): void {
  const { width, paint, glyphs } = styleFor(io, color);
  const { decision, reason, files, sets, mutants, signature } = certificate;
  const isCertified = decision === 'certified';
  const engines = [
    ...new Set(
      sets.map(({ dialect, engineVersion }) => `${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${engineVersion}`),
    ),
  ];
  const lines = [
    '',
    (isCertified ? paint.green : paint.red)(
      `${isCertified ? glyphs.held : glyphs.falsified} ${decision}: ${sanitize(reason)}`,
    ),
    ...hang('  ', `${count(files.length, 'file')} by checksum, on ${engines.join(', ')}`, width),
    ...(mutants === null
      ? []
      : hang('  ', `planted mistakes caught: ${mutants.killed} of ${mutants.killed + mutants.survived}`, width)),
    ...hang('  ', describeCoverage(sets), width),
    ...hang('  ', signature === null ? 'not signed' : 'signed (Ed25519)', width),
    ...hang('  ', `to read and to print: ${sanitize(pageOf(shownAs))}`, width),
    ...hang(
      '  ',
      `written to ${sanitize(shownAs)}; hold it against a checkout: palindrome certify --check ${sanitize(shownAs)}`,
      width,
    ),
  ];
  io.out(`${lines.join('\n')}\n`);
}

async function checkCertificate(file: string, publicKeyFile: string | undefined, io: Io): Promise<number> {
  const publicKey =
    publicKeyFile === undefined ? null : await readPublicKey(path.resolve(io.cwd, publicKeyFile), publicKeyFile);
  const certificate = await readCertificate(path.resolve(io.cwd, file), file);
  const faults = await findCertificateFaults(certificate, { cwd: io.cwd, publicKey, nowMs: Date.now() });
  const { width, paint, glyphs } = styleFor(io, null);
  if (faults.length > 0) {
    const lines = faults.flatMap((fault) => hang(`  ${glyphs.falsified} `, sanitize(fault), width));
    io.out(`${paint.red(`${sanitize(file)} does not stand:`)}\n${lines.join('\n')}\n`);
    return 1;
  }
  const { signature, files, issuedAt, reason } = certificate;
  const who =
    signature === null
      ? 'it is not signed: whoever can write the file can write another'
      : publicKey === null
        ? 'its signature is that of the key it names; give --public-key to hold it against yours'
        : 'it is signed with the key given';
  const lines = [
    paint.green(
      `${glyphs.held} ${sanitize(file)} stands: all ${count(files.length, 'file')} as certified on ${sanitize(issuedAt)}`,
    ),
    ...hang('  ', sanitize(reason), width),
    ...hang('  ', sanitize(describeCoverage(certificate.sets)), width),
    ...hang('  ', who, width),
  ];
  io.out(`${lines.join('\n')}\n`);
  return 0;
}

/** How much of what the data was to come by it came by, and the first of what it did not. */
function describeCoverage(sets: Certificate['sets']): string {
  const all = sets.flatMap(({ coverage }) => coverage.obligations);
  const missed = all.filter(({ isMet }) => !isMet);
  const said = `coverage: ${all.length - missed.length} of ${count(all.length, 'obligation')} met`;
  const [first] = missed;
  return first === undefined ? said : `${said}; not met, among others: ${sanitize(describeObligation(first))}`;
}
