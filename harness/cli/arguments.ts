/** Parsers for the values of flags. Each throws commander's `InvalidArgumentError` with what would have been right. */
import { InvalidArgumentError } from 'commander';
import { suggestion } from '../config/nearest.ts';
import { readShard, type Shard } from '../core/shard.ts';

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number): (given: string) => number {
  return (given) => {
    const value = /^[+-]?\d{1,15}$/u.test(given) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

/** One of a list, with the nearest one suggested. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): (given: string) => Choice {
  return (given) => {
    const found = choices.find((choice) => choice === given);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`Known are ${choices.join(', ')}${suggestion(given, choices)}`);
  };
}

/** A flag that may be repeated and takes several values between commas. */
export function listOf<Item>(
  parse: (given: string) => Item,
): (given: string, before?: readonly Item[]) => readonly Item[] {
  return (given, before = []) => [
    ...before,
    ...given
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(parse),
  ];
}

/** A flag that may be repeated. */
export function repeated(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given];
}

/** A major version of PostgreSQL; a minor version is cut off a helpful mistake. */
export function majorVersion(given: string): string {
  if (/^\d\d$/u.test(given)) return given;
  const major = /^(\d\d)\.\d+$/u.exec(given)?.[1];
  throw new InvalidArgumentError(
    major === undefined ? 'Give major versions, for example 15,17.' : `Give the major version: ${major}.`,
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** A span of time with its unit (`500ms`, `30s`, `2m`) in milliseconds. */
export function duration(given: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})(ms|s|m|min|h)$/u.exec(given) ?? [];
  const ms = Number(number) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms >= 1 && ms <= 86_400_000) return ms;
  throw new InvalidArgumentError('Give a time with its unit, up to 24h: 500ms, 30s, 2m.');
}

/** A slice of a run: `2/3` is the second of three. */
export function shard(given: string): Shard {
  const read = readShard(given);
  if (read !== null) return read;
  throw new InvalidArgumentError('Give the slice and how many there are, for example 2/3.');
}
