/**
 * Texts in their own form: digits become digits, letters letters of the same alphabet and case; blanks and punctuation stay. Two texts that
 * differ become two that differ, and two that differ in case, blanks or punctuation alone still differ in nothing else.
 */
import type { Keyed } from './keyed.ts';

/** A place of a text that is replaced by another of the same alphabet. */
interface Slot {
  readonly at: number;
  readonly radix: number;
  readonly digit: number;
  /** Writes a digit of the alphabet in the case of the original. */
  readonly write: (digit: number) => string;
}

/** Alphabets up to this many texts are permuted; beyond it, chance alone keeps them apart. */
const PERMUTED_BELOW = 1n << 128n;

/** Masks letters and digits. `domain` names the values among which equal texts must become equal ones. */
export function maskLetters(keyed: Keyed, domain: string, text: string): string {
  const characters = Array.from(text);
  const slots = characters.flatMap((character, at) => slotOf(character, at) ?? []);
  if (slots.length === 0) return text;
  // Alphabets in order are part of the name: texts of another form are permuted among themselves.
  const form = slots.map(({ radix }) => radix).join(',');
  const size = sizeOf(slots);
  const digits =
    size === null ? addStream(keyed, domain, form, slots) : permuteDigits(keyed, domain, form, slots, size);
  slots.forEach((slot, index) => {
    characters[slot.at] = slot.write(digits[index] ?? 0);
  });
  return characters.join('');
}

/** Null where it is too large to permute. */
function sizeOf(slots: readonly Slot[]): bigint | null {
  let size = 1n;
  for (const { radix } of slots) {
    size *= BigInt(radix);
    if (size > PERMUTED_BELOW) return null;
  }
  return size;
}

function permuteDigits(keyed: Keyed, domain: string, form: string, slots: readonly Slot[], size: bigint): number[] {
  const value = slots.reduce((sum, { radix, digit }) => sum * BigInt(radix) + BigInt(digit), 0n);
  let rest = keyed.permute(size, value, 'letters', domain, form);
  return slots
    .toReversed()
    .map(({ radix }) => {
      const digit = Number(rest % BigInt(radix));
      rest /= BigInt(radix);
      return digit;
    })
    .toReversed();
}

function addStream(keyed: Keyed, domain: string, form: string, slots: readonly Slot[]): number[] {
  const folded = slots.map(({ digit }) => digit).join(',');
  const stream = keyed.bytes(slots.length * 4, 'stream', domain, form, folded);
  return slots.map(({ radix, digit }, index) => (digit + stream.readUInt32BE(index * 4)) % radix);
}

function slotOf(character: string, at: number): Slot | null {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 48 && code <= 57) return { at, radix: 10, digit: code - 48, write: String };
  if (code >= 97 && code <= 122) return { at, radix: 26, digit: code - 97, write: (digit) => letter(digit, 97) };
  if (code >= 65 && code <= 90) return { at, radix: 26, digit: code - 65, write: (digit) => letter(digit, 65) };
  if (code < 128) return null;
  const alphabet = alphabetOf(character, code);
  const digit = alphabet.indexOf(character);
  return digit === -1 ? null : { at, radix: alphabet.length, digit, write: (index) => alphabet[index] ?? character };
}

function letter(digit: number, base: number): string {
  return String.fromCharCode(base + digit);
}

const CATEGORIES = [/^\p{Lu}$/u, /^\p{Ll}$/u, /^\p{L}$/u, /^\p{N}$/u, /^\p{M}$/u, /^\p{S}$/u];
const alphabets = new Map<string, readonly string[]>();
const BLOCK = 64;

/** Outside ASCII: the characters of the same kind among the 64 around it, which are as long in UTF-8. Blanks and punctuation have none. */
function alphabetOf(character: string, code: number): readonly string[] {
  const category = CATEGORIES.findIndex((pattern) => pattern.test(character));
  if (category === -1) return [];
  const block = Math.floor(code / BLOCK) * BLOCK;
  const key = `${block}/${category}`;
  const known = alphabets.get(key);
  if (known !== undefined) return known;
  const made = Array.from({ length: BLOCK }, (_, index) => String.fromCodePoint(block + index)).filter(
    (candidate) => CATEGORIES.findIndex((pattern) => pattern.test(candidate)) === category,
  );
  alphabets.set(key, made);
  return made;
}
