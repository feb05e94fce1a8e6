import { createHash } from 'node:crypto';

/** SHA-256 as lower-case hex. Text is hashed as UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A short identifier for people to type: the first ten base-36 characters of a hash of `data`. */
export function shortId(data: string): string {
  return BigInt(`0x${sha256(data).slice(0, 20)}`)
    .toString(36)
    .padStart(16, '0')
    .slice(-10);
}

/** A 32-bit signed seed derived from a seed and a path of names, so that each part of a run has its own stream. */
export function deriveSeed(seed: number, ...path: readonly (string | number)[]): number {
  return Number.parseInt(sha256(JSON.stringify([seed, ...path])).slice(0, 8), 16) | 0;
}
