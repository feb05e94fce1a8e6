/**
 * Reading one file of a set: bytes become text, or an error that says where they cannot.
 */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PalindromeError, placeAt } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { pathFault } from './path-fault.ts';

/** A file of the set, decoded. */
export interface SourceFile {
  /** Path below the set's folder, with forward slashes. */
  readonly path: string;
  /** Path as shown to people. */
  readonly shownAs: string;
  /** Without a byte-order mark; line ends as they are. */
  readonly text: string;
  /** SHA-256 of the bytes, the byte-order mark included. */
  readonly sha256: string;
  readonly hadByteOrderMark: boolean;
}

/** Where files are and how their paths are shown. */
export interface Place {
  readonly folder: string;
  readonly shownAs: string;
}

/** Joins a set's shown path and a path below it. */
export function showPath(place: Place, file: string): string {
  return place.shownAs === '.' ? file : `${place.shownAs.replace(/\/+$/, '')}/${file}`;
}

/** Files open at once: enough to hide latency, far below any limit on open files. */
const OPEN_AT_ONCE = 64;

/**
 * Reads files in the given order.
 * Throws `PalindromeError`: `script-missing`, `script-unreadable`, or `script-encoding` with the place of the first bad byte.
 */
export async function readSources(place: Place, files: readonly string[]): Promise<SourceFile[]> {
  const sources: SourceFile[] = [];
  for (let at = 0; at < files.length; at += OPEN_AT_ONCE) {
    const batch = files.slice(at, at + OPEN_AT_ONCE).map((file) => readSource(place, file));
    sources.push(...(await Promise.all(batch)));
  }
  return sources;
}

/** Reads one file; errors as in `readSources`. */
export async function readSource(place: Place, file: string): Promise<SourceFile> {
  const shownAs = showPath(place, file);
  const bytes = await readFile(path.join(place.folder, file)).catch((thrown: unknown) => {
    throw pathFault(thrown, shownAs, 'script');
  });
  const { text, hadByteOrderMark } = decode(bytes, shownAs);
  return { path: file, shownAs, text, sha256: sha256(bytes), hadByteOrderMark };
}

function decode(bytes: Buffer, shownAs: string): { text: string; hadByteOrderMark: boolean } {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    throw encodingError(shownAs, '', 0, `${shownAs} is UTF-16, and migration tools read UTF-8.`);
  }
  const hadByteOrderMark = startsWith(bytes, [0xef, 0xbb, 0xbf]);
  const body = hadByteOrderMark ? bytes.subarray(3) : bytes;
  const text = body.toString('utf8');
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const message = `${shownAs} contains a NUL byte: it is UTF-16 without a mark, or not a text file.`;
    throw encodingError(shownAs, text, nul, message);
  }
  if (!isUtf8(body)) {
    const bad = firstDifference(body, Buffer.from(text, 'utf8'));
    const before = body.subarray(0, bad).toString('utf8');
    const byte = `0x${(body[bad] ?? 0).toString(16).padStart(2, '0')}`;
    throw encodingError(shownAs, text, before.length, `${shownAs} is not valid UTF-8: byte ${byte} cannot stand here.`);
  }
  return { text, hadByteOrderMark };
}

function encodingError(shownAs: string, text: string, offset: number, message: string): PalindromeError {
  return new PalindromeError('script-encoding', message, {
    place: placeAt(shownAs, text, offset),
    hint: 'Save the file as UTF-8.',
  });
}

function startsWith(bytes: Buffer, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

function firstDifference(a: Buffer, b: Buffer): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
