/**
 * The `palindrome-certificate/1` format: what a release was judged by, derived from the run alone. It names every file by checksum, so that it
 * can be held against a checkout later, and says what was not checked.
 */
import type { Report, ReportResult, ReportSet, ReportWaiver } from './report.ts';
import type { MutantCounts } from './mutants-report.ts';
import { sha256 } from './hash.ts';
import { compareText } from './text.ts';

export interface Certificate {
  readonly format: 'palindrome-certificate/1';
  readonly tool: Report['tool'];
  /** RFC 3339, UTC. */
  readonly issuedAt: string;
  /** `certified` where everything was judged and nothing fails the build. */
  readonly decision: 'certified' | 'refused';
  /** One sentence. */
  readonly reason: string;
  readonly run: Pick<Report['run'], 'seed' | 'exitCode' | 'durationMs' | 'stoppedBecause'>;
  /** Every file of the sets' folders, and the configurations; paths relative to where the command ran. */
  readonly files: readonly CertifiedFile[];
  readonly folders: readonly string[];
  readonly sets: readonly CertifiedSet[];
  /** How many planted mistakes the properties caught; null: not measured. */
  readonly mutants: MutantCounts | null;
  /** What was not checked, and why. */
  readonly limits: readonly string[];
  /** SHA-256 of everything above, as `certificateBody` writes it. */
  readonly digest: string;
  readonly signature: CertificateSignature | null;
}

export interface CertifiedFile {
  readonly path: string;
  /** Of the bytes. */
  readonly sha256: string;
}

export interface CertifiedSet extends Pick<
  ReportSet,
  'name' | 'path' | 'layout' | 'dialect' | 'engineVersion' | 'provider'
> {
  readonly migrations: readonly CertifiedMigration[];
  /** Tables that were filled before some migration, and those that never were, with the reason. */
  readonly tables: readonly { readonly table: string; readonly hadRows: boolean }[];
  readonly coverage: CertifiedCoverage;
  readonly waivers: readonly ReportWaiver[];
}

/** What the data of the run was to come by, over all migrations of a set, and came by. */
export interface CertifiedCoverage {
  /** How many obligations were met. */
  readonly met: number;
  readonly obligations: readonly CoverageObligation[];
}

export interface CoverageObligation {
  readonly table: string;
  /** A column, or a constraint in words that name it. */
  readonly of: string;
  readonly what:
    | 'NULL'
    | 'the least value'
    | 'the greatest value'
    | 'the longest text'
    | 'finer than a millisecond'
    | 'a row with a parent'
    | 'refuses a row that breaks it';
  readonly isMet: boolean;
}

interface CertifiedMigration {
  readonly id: string;
  readonly name: string;
  readonly upSha256: string;
  readonly downSha256: string | null;
  readonly results: readonly CertifiedResult[];
}

type CertifiedResult = Pick<ReportResult, 'property' | 'clause' | 'verdict' | 'cases' | 'rows' | 'reason' | 'accepted'>;

interface CertificateSignature {
  readonly algorithm: 'Ed25519';
  /** SubjectPublicKeyInfo as PEM. */
  readonly publicKey: string;
  /** Base64, over the UTF-8 text of `certificateBody`. */
  readonly value: string;
}

export type CertificateContent = Omit<Certificate, 'digest' | 'signature'>;

/** The text that is hashed and signed: keys in the order of their code units, no blanks. */
export function certificateBody(certificate: CertificateContent): string {
  const { digest: _digest, signature: _signature, ...content } = certificate as Certificate;
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareText(a, b))),
  );
}

export function digestOf(certificate: CertificateContent): string {
  return sha256(certificateBody(certificate));
}

/** An obligation in words. */
export function describeObligation({ table, of, what }: CoverageObligation): string {
  return what === 'refuses a row that breaks it' ? `${of} ${what}` : `${table}.${of}: ${what}`;
}
