/** A slice of a run: several machines take one each, and together they judge what one run would. */
export interface Shard {
  /** From 1 to `of`. */
  readonly number: number;
  /** How many there are. */
  readonly of: number;
}

/** How the limit of a shard's report begins; merging the reports takes it out. */
export const SHARD_LIMIT = 'Of everything that was asked for, only shard';

/** As it is typed and shown: `2/3`. */
export function showShard({ number, of }: Shard): string {
  return `${number}/${of}`;
}

/** Reads `2/3`; null: it is none. */
export function readShard(text: string): Shard | null {
  const [, number, of] = /^(\d{1,4})\/(\d{1,4})$/u.exec(text) ?? [];
  if (number === undefined || of === undefined) return null;
  const shard = { number: Number(number), of: Number(of) };
  return shard.number >= 1 && shard.number <= shard.of ? shard : null;
}
