/** Certificates on disk: sealing, signing, reading, and what no longer agrees with them. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { dayOf } from '../core/acceptance.ts';
import {
  type Certificate,
  certificateBody,
  type CertificateContent,
  type CertifiedFile,
  digestOf,
} from '../core/certificate.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { compareText } from '../core/text.ts';

const FORMAT = 'palindrome-certificate/1';
/** What is no part of a set though it may lie in its folder. */
const NOT_OURS = new Set(['.git', '.palindrome', 'node_modules']);

/** Reads an Ed25519 private key (PKCS #8, PEM). Throws `certificate-key`. */
export async function readPrivateKey(file: string, shownAs: string): Promise<KeyObject> {
  return readKey(file, shownAs, createPrivateKey);
}

/** Reads an Ed25519 public key (SubjectPublicKeyInfo, PEM). Throws `certificate-key`. */
export async function readPublicKey(file: string, shownAs: string): Promise<KeyObject> {
  return readKey(file, shownAs, createPublicKey);
}

async function readKey(file: string, shownAs: string, make: (pem: string) => KeyObject): Promise<KeyObject> {
  try {
    const key = make(await readFile(file, 'utf8'));
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`it is ${key.asymmetricKeyType ?? 'no'} key`);
  } catch (error) {
    throw new PalindromeError('certificate-key', `${shownAs} is no Ed25519 key: ${messageOf(error)}`, {
      hint: 'openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out public.pem',
    });
  }
}

/** Adds the digest, and a signature where there is a key. */
export function sealCertificate(content: CertificateContent, key: KeyObject | null): Certificate {
  const digest = digestOf(content);
  if (key === null) return { ...content, digest, signature: null };
  const value = sign(null, Buffer.from(certificateBody(content), 'utf8'), key).toString('base64');
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { ...content, digest, signature: { algorithm: 'Ed25519', publicKey, value } };
}

/** Checksums of every file below the folders, and of the files given; paths are relative to `cwd`, with forward slashes, in order. */
export async function hashFiles(
  folders: readonly string[],
  files: readonly string[],
  cwd: string,
): Promise<readonly CertifiedFile[]> {
  const found = (await Promise.all(folders.map((folder) => listFiles(path.resolve(cwd, folder))))).flat();
  const all = [...new Set([...found, ...files.map((file) => path.resolve(cwd, file))])];
  const hashed = await Promise.all(
    all.map(async (file) => ({
      path: nameFrom(cwd, file),
      sha256: sha256(await readFile(file)),
    })),
  );
  return hashed.toSorted((a, b) => compareText(a.path, b.path));
}

/** As a certificate names a file. */
function nameFrom(cwd: string, file: string): string {
  return path.relative(cwd, file).replaceAll(path.sep, '/');
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = await Promise.all(
    entries
      .filter(({ name }) => !NOT_OURS.has(name))
      .map(async (entry) => {
        const at = path.join(folder, entry.name);
        if (entry.isDirectory()) return listFiles(at);
        return entry.isFile() ? [at] : [];
      }),
  );
  return below.flat();
}

const SHAPE = z.looseObject({
  format: z.literal(FORMAT),
  issuedAt: z.string(),
  decision: z.enum(['certified', 'refused']),
  reason: z.string(),
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
  folders: z.array(z.string()),
  sets: z.array(
    z.looseObject({
      path: z.string(),
      coverage: z.object({
        met: z.number(),
        obligations: z.array(z.object({ table: z.string(), of: z.string(), what: z.string(), isMet: z.boolean() })),
      }),
      waivers: z.array(
        z.looseObject({ migration: z.string(), property: z.string(), expires: z.string(), status: z.string() }),
      ),
    }),
  ),
  digest: z.string(),
  signature: z.object({ algorithm: z.literal('Ed25519'), publicKey: z.string(), value: z.string() }).nullable(),
});

/** Reads a certificate. Throws `certificate-unreadable`, `certificate-invalid` or `certificate-newer`, all of kind `usage`. */
export async function readCertificate(file: string, shownAs: string): Promise<Certificate> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new PalindromeError('certificate-unreadable', `${shownAs} cannot be read: ${messageOf(error)}`, {
      hint: 'It may have been cut off while it was copied.',
    });
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null;
  if (typeof format === 'string' && format !== FORMAT && format.startsWith('palindrome-certificate/'))
    throw new PalindromeError(
      'certificate-newer',
      `${shownAs} has the format ${format}; this version reads ${FORMAT}.`,
      {
        hint: 'Update palindrome.',
      },
    );
  const read = SHAPE.safeParse(value);
  if (read.success) return value as Certificate;
  const [issue] = read.error.issues;
  throw new PalindromeError(
    'certificate-invalid',
    `${shownAs} is no certificate of palindrome: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd(),
    { hint: '`palindrome certify` writes one.' },
  );
}

/** Why a certificate does not stand, a sentence each; empty: it does. */
export async function findCertificateFaults(
  certificate: Certificate,
  { cwd, publicKey, nowMs }: { readonly cwd: string; readonly publicKey: KeyObject | null; readonly nowMs: number },
): Promise<readonly string[]> {
  const faults: string[] = [];
  if (certificate.decision !== 'certified') faults.push(`it certifies nothing: ${certificate.reason}`);
  if (digestOf(certificate) !== certificate.digest)
    faults.push('it was changed after it was written: its digest is not that of its content');
  faults.push(
    ...signatureFaults(certificate, publicKey),
    ...waiverFaults(certificate, nowMs),
    ...(await fileFaults(certificate, cwd)),
  );
  return faults;
}

function signatureFaults({ signature, ...content }: Certificate, publicKey: KeyObject | null): readonly string[] {
  if (signature === null) return publicKey === null ? [] : ['it is not signed, and a key was given'];
  try {
    const body = Buffer.from(certificateBody(content), 'utf8');
    const own = createPublicKey(signature.publicKey);
    if (publicKey !== null && !publicKey.equals(own)) return ['it is signed with another key than the one given'];
    return verify(null, body, own, Buffer.from(signature.value, 'base64')) ? [] : ['its signature is wrong'];
  } catch (error) {
    return [`its signature cannot be read: ${messageOf(error)}`];
  }
}

function waiverFaults({ sets }: Certificate, nowMs: number): readonly string[] {
  const today = dayOf(nowMs);
  return sets.flatMap(({ waivers }) =>
    waivers
      .filter(({ status, expires }) => status === 'used' && expires < today)
      .map(({ migration, property, expires }) => `the waiver of ${property} for ${migration} expired on ${expires}`),
  );
}

async function fileFaults({ files, folders }: Certificate, cwd: string): Promise<readonly string[]> {
  const known = new Map(files.map((file) => [file.path, file.sha256]));
  const missingFolders: string[] = [];
  const there = await Promise.all(
    folders.map((folder) =>
      listFiles(path.resolve(cwd, folder)).catch(() => {
        missingFolders.push(folder);
        return [];
      }),
    ),
  );
  const added = there
    .flat()
    .map((file) => nameFrom(cwd, file))
    .filter((file) => !known.has(file))
    .toSorted(compareText);
  const changes = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(path.resolve(cwd, file.path)).catch(() => null);
      if (bytes === null) return `${file.path} is gone, or cannot be read`;
      const now = sha256(bytes);
      return now === file.sha256 ? null : `${file.path} was changed: certified ${file.sha256}, now ${now}`;
    }),
  );
  return [
    ...missingFolders.map((folder) => `the folder ${folder} is gone, or cannot be read`),
    ...changes.filter((change) => change !== null),
    ...added.map((file) => `${file} was not there when it was certified`),
  ];
}
