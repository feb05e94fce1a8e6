/**
 * Keyed chance: everything that masking decides comes from HMAC-SHA-256 of a secret salt and what is asked, so it is the same on every
 * machine and cannot be worked out without the salt. Permutations are Feistel networks over the integers below a size (format-preserving
 * encryption as in Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): a permutation makes no two values one.
 */
import { createHmac } from 'node:crypto';

/** Rounds of the network; each half is changed half as often. */
const ROUNDS = 8;

export class Keyed {
  readonly #salt: string;

  constructor(salt: string) {
    this.#salt = salt;
  }

  /** `length` bytes for a label. */
  bytes(length: number, ...label: readonly string[]): Buffer {
    const parts: Buffer[] = [];
    for (let made = 0, counter = 0; made < length; made += 32, counter++)
      parts.push(
        createHmac('sha256', this.#salt)
          .update(JSON.stringify([counter, ...label]))
          .digest(),
      );
    return Buffer.concat(parts).subarray(0, length);
  }

  /** A number from 0 to `size` - 1 for a label; as good as uniform. */
  below(size: bigint, ...label: readonly string[]): bigint {
    return size <= 1n ? 0n : BigInt(`0x${this.bytes(32, ...label).toString('hex')}`) % size;
  }

  /** A permutation of 0 to `size` - 1. `value` must be one of them; sizes above 2^240 are for `below`. */
  permute(size: bigint, value: bigint, ...label: readonly string[]): bigint {
    if (size <= 1n) return value;
    const left = squareRootUp(size);
    const right = (size + left - 1n) / left;
    let current = value;
    // The network permutes left * right values, a few more than asked for: walk on until one is of those asked for.
    do current = this.#network(left, right, current, label);
    while (current >= size);
    return current;
  }

  #network(left: bigint, right: bigint, value: bigint, label: readonly string[]): bigint {
    let a = value / right;
    let b = value % right;
    for (let round = 0; round < ROUNDS; round += 2) {
      a = (a + this.below(left, 'round', String(round), b.toString(), ...label)) % left;
      b = (b + this.below(right, 'round', String(round + 1), a.toString(), ...label)) % right;
    }
    return a * right + b;
  }
}

/** The least integer whose square is not below `size`. */
function squareRootUp(size: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(size.toString(2).length / 2));
  for (;;) {
    const next = (root + size / root) >> 1n;
    if (next >= root) break;
    root = next;
  }
  return root * root < size ? root + 1n : root;
}
