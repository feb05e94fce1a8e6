/**
 * Which version followed which, where writers were really at work at once: told by the database alone. Each write says which transaction made the
 * version that it replaced; of what one transaction did, its own order tells. Answers of different sessions come in any order and tell nothing.
 */
import type { SentAnswer, WrittenRow } from '../../core/session.ts';
import { markOf } from '../../core/session.ts';
import type { LoggedTransaction, LoggedVersion, SeenRow } from './version-log.ts';

export type WriteOp = 'insert' | 'update' | 'delete';

/** A transaction as its writer sent it, and what came of it. */
export interface SentRecord {
  readonly session: string;
  /** What each write was, in their order. */
  readonly ops: readonly WriteOp[];
  readonly answer: SentAnswer;
}

export interface LinkedVersions {
  readonly versions: readonly LoggedVersion[];
  readonly transactions: readonly LoggedTransaction[];
  /** Writes of which the version that they replaced is not known, one sentence each. */
  readonly unexplained: readonly string[];
}

interface Made {
  readonly identity: string;
  readonly seen: SeenRow;
  readonly madeBy: LoggedTransaction | null;
  readonly op: WriteOp | 'start';
  readonly before: string | null;
  /** Which life of its row it belongs to; 0: that is not known yet. */
  life: number;
  /** What it was made of. */
  previous: Made | null;
  next: { readonly by: LoggedTransaction; readonly how: 'update' | 'delete' } | null;
}

/** `seenOf` reads a row's cells. `start`: the rows before everything, with the mark of the transaction that made each. */
export function linkVersions(
  start: readonly WrittenRow[],
  sent: readonly SentRecord[],
  seenOf: (row: WrittenRow['cells']) => SeenRow,
): LinkedVersions {
  /** The last version that a transaction made of a row, by both. */
  const lastOf = new Map<string, Made>();
  const made: Made[] = [];
  const keep = (one: Made, mark: string | null): void => {
    made.push(one);
    if (one.op !== 'delete') lastOf.set(`${mark} ${one.identity}`, one);
  };
  for (const { cells, before } of start) keep(firstOf(seenOf(cells)), before);
  const transactions: LoggedTransaction[] = [];
  const foreign: Made[] = [];
  for (const { session, ops, answer } of sent) {
    if (answer.transaction === null) continue;
    const by: LoggedTransaction = { session, id: BigInt(answer.transaction), outcome: answer.outcome };
    const mark = answer.mark ?? markOf(answer.transaction);
    transactions.push(by);
    for (const [at, rows] of answer.writes.entries()) {
      const op = ops[at] ?? 'update';
      for (const { cells, before } of rows) {
        const one: Made = { ...firstOf(seenOf(cells)), madeBy: by, op, before };
        if (before === mark) link(one, lastOf.get(`${mark} ${one.identity}`) ?? null);
        else if (before !== null) foreign.push(one);
        keep(one, mark);
      }
    }
  }
  const unexplained: string[] = [];
  for (const one of foreign) {
    const previous = lastOf.get(`${one.before} ${one.identity}`) ?? null;
    if (previous === null) unexplained.push(`the version of row ${one.identity} that ${one.madeBy?.session} replaced`);
    link(one, previous);
  }
  return { versions: numberLives(made), transactions, unexplained };
}

function firstOf(seen: SeenRow): Made {
  const identity = JSON.stringify(seen.identity);
  return { identity, seen, madeBy: null, op: 'start', before: null, life: 0, previous: null, next: null };
}

/** What a transaction that was undone replaced was replaced by whoever came next, if anybody. */
function link(one: Made, previous: Made | null): void {
  one.previous = previous;
  if (previous === null || one.madeBy === null || one.madeBy.outcome !== 'committed') return;
  previous.next = { by: one.madeBy, how: one.op === 'delete' ? 'delete' : 'update' };
}

function numberLives(made: readonly Made[]): readonly LoggedVersion[] {
  const lives = new Map<string, number>();
  const numberOf = (one: Made): number => {
    const chain: Made[] = [one];
    let first: Made = one;
    while (first.life === 0 && first.previous !== null) chain.push((first = first.previous));
    if (first.life === 0) {
      first.life = (lives.get(first.identity) ?? 0) + 1;
      lives.set(first.identity, first.life);
    }
    for (const each of chain) each.life = first.life;
    return first.life;
  };
  return made
    .filter(({ op }) => op !== 'delete')
    .map((one) => ({
      ...one.seen,
      incarnation: numberOf(one),
      madeBy: one.madeBy,
      endedBy: one.next?.by ?? null,
      endedHow: one.next?.how ?? null,
    }));
}
