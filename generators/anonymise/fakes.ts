/**
 * Names, addresses and the like from faker: each value gets one of exactly its own length, in its own case, and no two values the same one.
 */
import { makeFaker } from '../faker.ts';
import type { Faker } from '@faker-js/faker';
import type { Keyed } from './keyed.ts';
import { maskLetters } from './letters.ts';

export const FAKE_KINDS = [
  'name',
  'first-name',
  'last-name',
  'username',
  'email',
  'address',
  'city',
  'company',
  'url',
] as const;
export type FakeKind = (typeof FAKE_KINDS)[number];

const MAKERS: Readonly<Record<FakeKind, (from: Faker) => string>> = {
  name: (from) => from.person.fullName(),
  'first-name': (from) => from.person.firstName(),
  'last-name': (from) => from.person.lastName(),
  username: (from) => from.internet.username(),
  email: (from) => from.internet.exampleEmail(),
  address: (from) => from.location.streetAddress(),
  city: (from) => from.location.city(),
  company: (from) => from.company.name(),
  url: (from) => `https://${from.internet.domainWord()}.example/${from.lorem.slug(2)}`,
};

/** Places that must not be cut off: from here on the text is kept whole, and what precedes it is fitted. */
const TAILS: Partial<Record<FakeKind, RegExp>> = { email: /@[^@]*$/ };
/** As faker writes them where the original is neither all upper nor all mixed case. */
const IS_LOWER_CASE: ReadonlySet<FakeKind> = new Set(['email', 'url', 'username']);
const MOST_ATTEMPTS = 64;
const SHORTEST = 6;
const MOST_STEPS = 10_000;

/** What each value of a domain becomes, worked out over all of its values at once so that no two become one. */
export function fakeAll(
  keyed: Keyed,
  kind: FakeKind,
  domain: string,
  values: ReadonlySet<string>,
): Map<string, string> {
  let stream: Buffer = Buffer.alloc(0);
  let at = 0;
  const faker = makeFaker(() => {
    const value = stream.readUInt32BE(at % stream.length) / 0x1_0000_0000;
    at += 4;
    return value;
  });
  const make = (core: string, attempt: number): string => {
    stream = keyed.bytes(512, 'fake', kind, domain, core, String(attempt));
    at = 0;
    const made = MAKERS[kind](faker).normalize('NFC');
    return fit(IS_LOWER_CASE.has(kind) ? made.toLowerCase() : made, kind, Array.from(core).length, () => {
      const letter = 97 + ((stream[at % stream.length] ?? 0) % 26);
      at++;
      return String.fromCharCode(letter);
    });
  };
  const cores = new Map<string, string>();
  const taken = new Set<string>();
  const masked = new Map<string, string>();
  // In the order of the texts, not of the rows: the same dataset read in another order is masked the same.
  for (const value of [...values].toSorted()) {
    const core = value.trim().toLowerCase();
    // Of so few letters faker has too few: a permutation has one for each.
    if (Array.from(core).length < SHORTEST) {
      masked.set(value, maskLetters(keyed, domain, value));
      continue;
    }
    const fake =
      cores.get(core) ?? choose(core, taken, make) ?? walk(core, taken, (text) => maskLetters(keyed, domain, text));
    cores.set(core, fake);
    taken.add(fake.toLowerCase());
    masked.set(
      value,
      value.replace(value.trim(), () => inCaseOf(value.trim(), fake)),
    );
  }
  return separate(keyed, domain, masked);
}

function choose(
  core: string,
  taken: ReadonlySet<string>,
  make: (core: string, attempt: number) => string,
): string | null {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const fake = make(core, attempt);
    if (fake.toLowerCase() !== core && !taken.has(fake.toLowerCase())) return fake;
  }
  return null;
}

/** Exactly `length` characters: cut, or filled with letters. */
function fit(text: string, kind: FakeKind, length: number, letter: () => string): string {
  const tail = TAILS[kind]?.exec(text)?.[0] ?? '';
  const room = length - Array.from(tail).length;
  if (room < 1) return Array.from({ length }, letter).join('');
  const head = Array.from(text.slice(0, text.length - tail.length)).slice(0, room);
  while (head.length < room) head.push(letter());
  if (/\s/.test(head.at(-1) ?? '')) head[head.length - 1] = letter();
  return `${head.join('')}${tail}`;
}

function inCaseOf(original: string, fake: string): string {
  const lower = original.toLowerCase();
  const upper = original.toUpperCase();
  if (lower === upper || isTitled(original)) return fake;
  if (original === lower) return fake.toLowerCase();
  if (original === upper) return fake.toUpperCase();
  const letters = Array.from(original);
  return Array.from(fake)
    .map((character, at) => (isUpper(letters[at] ?? '') ? character.toUpperCase() : character.toLowerCase()))
    .join('');
}

function isUpper(character: string): boolean {
  return character !== character.toLowerCase();
}

/** `Ada Lovelace`: each word begins with a capital, and no other letter is one. */
function isTitled(text: string): boolean {
  return text.split(/[\s-]+/).every((word) => /^\P{L}*\p{Lu}[^\p{Lu}]*$/u.test(word));
}

/** Two spellings of one value that came out the same (a text without letters has no case) are told apart letter by letter. */
function separate(keyed: Keyed, domain: string, masked: Map<string, string>): Map<string, string> {
  const taken = new Set<string>();
  for (const [value, fake] of masked) {
    const unique = taken.has(fake) ? walk(value, taken, (text) => maskLetters(keyed, domain, text)) : fake;
    taken.add(unique);
    masked.set(value, unique);
  }
  return masked;
}

/** Steps of a permutation until one leads to a text that is free. */
function walk(text: string, taken: ReadonlySet<string>, step: (text: string) => string): string {
  let current = step(text);
  for (let steps = 0; taken.has(current.toLowerCase()) || taken.has(current); steps++) {
    if (steps === MOST_STEPS) break;
    current = step(current);
  }
  return current;
}
