/**
 * Version prefixes: comparing them as numbers of any length, and finding the ones that collide or are missing.
 */
import { PalindromeError } from '../core/errors.ts';
import { compareText } from '../core/text.ts';

/** Orders versions such as `2`, `0010`, `1.2.3`, `2024-02-12` by their numbers, part by part. Equal numbers compare as 0. */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const x = left[at] ?? -1n;
    const y = right[at] ?? -1n;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** The version without leading zeros: equal for versions that are the same number. */
export function versionKey(version: string): string {
  return numbersOf(version).join('.');
}

function numbersOf(version: string): bigint[] {
  return (version.match(/\d+/g) ?? []).map(BigInt);
}

/** Orders by the bytes of UTF-8, as Go's and Rust's strings do; differs from code units beyond U+FFFF. */
export function compareBytes(a: string, b: string): number {
  const plain = compareText(a, b);
  return plain === 0 || !/[\ud800-\udfff]/.test(a + b) ? plain : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Whether a version is within what the tool can hold; Go tools parse 64 bits. */
export function fitsBits(version: string, bits: 63 | 64): boolean {
  return BigInt(version) < 1n << BigInt(bits);
}

/** Throws `duplicate-version` where two entries share a version. `tool` says who refuses them. */
export function refuseDuplicates(
  entries: readonly { readonly version: string; readonly file: string }[],
  tool: string,
  keyOf: (version: string) => string = versionKey,
): void {
  const seen = new Map<string, string>();
  for (const { version, file } of entries) {
    const key = keyOf(version);
    const other = seen.get(key);
    if (other !== undefined) {
      throw new PalindromeError(
        'duplicate-version',
        `Version ${version} is there twice: ${other} and ${file}. ${tool}`,
        {
          place: { file, line: 1, column: 1 },
          hint: 'Give one of them the next free number.',
        },
      );
    }
    seen.set(key, file);
  }
}

/** Numbers above this are times or dates, where gaps mean nothing. */
const LARGEST_COUNTED = 1_000_000n;

/** A sentence on missing numbers, where versions plainly count one by one; null otherwise. */
export function describeGaps(versions: readonly string[]): string | null {
  if (versions.some((version) => !/^\d+$/.test(version))) return null;
  const numbers = versions.map(BigInt).toSorted((a, b) => (a < b ? -1 : 1));
  const last = numbers.at(-1);
  if (last === undefined || last > LARGEST_COUNTED) return null;
  const missing: string[] = [];
  let steps = 0;
  for (const [index, number] of numbers.entries()) {
    const previous = numbers[index - 1];
    if (previous === undefined) continue;
    if (number - previous === 1n) steps++;
    else if (number - previous > 1n) missing.push(rangeText(previous + 1n, number - 1n));
  }
  if (missing.length === 0 || steps <= missing.length) return null;
  return `The numbers have ${missing.length === 1 ? 'a gap' : 'gaps'}: ${listSome(missing)} ${missing.length === 1 ? 'is' : 'are'} not there.`;
}

function rangeText(first: bigint, last: bigint): string {
  return first === last ? String(first) : `${first}–${last}`;
}

/** Up to five names, then how many more. */
export function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
