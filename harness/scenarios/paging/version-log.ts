/**
 * Which versions each row had, and which transactions made and ended them: told by the writers' own answers. Writers of one row take turns,
 * since the database makes them, so the order in which their statements ended is the order of its versions.
 */
import type { Row } from '../../core/dataset.ts';

/** A transaction as it is known while it runs. */
export interface LoggedTransaction {
  readonly session: string;
  /** The database's own number; null: it is not known yet, or there is none. */
  id: bigint | null;
  outcome: 'open' | 'committed' | 'rolled-back';
}

export interface LoggedVersion {
  readonly identity: Row;
  readonly incarnation: number;
  readonly key: Row;
  readonly matches: boolean;
  readonly madeBy: LoggedTransaction | null;
  endedBy: LoggedTransaction | null;
  endedHow: 'update' | 'delete' | null;
}

/** A row as a write or a look returned it. */
export interface SeenRow {
  readonly identity: Row;
  readonly key: Row;
  readonly matches: boolean;
}

interface Life {
  current: LoggedVersion | null;
  incarnations: number;
}

interface Change {
  readonly by: LoggedTransaction;
  readonly life: Life;
  readonly before: LoggedVersion | null;
}

/** One version after the other. */
export class VersionLog {
  readonly versions: LoggedVersion[] = [];
  readonly #lives = new Map<string, Life>();
  readonly #changes: Change[] = [];

  /** A row that is there before everything. */
  start(row: SeenRow): void {
    this.#begin(row, null);
  }

  /** Whether the row's newest version was made by another transaction that is not known to have ended. */
  isOpenElsewhere({ identity }: SeenRow, by: LoggedTransaction): boolean {
    const current = this.#lifeOf(identity).current;
    const made = current?.madeBy ?? null;
    return made !== null && made !== by && made.outcome === 'open';
  }

  /** What a write returned of one row. */
  record(op: 'insert' | 'update' | 'delete', row: SeenRow, by: LoggedTransaction): void {
    const life = this.#lifeOf(row.identity);
    const before = life.current;
    this.#changes.push({ by, life, before });
    if (op === 'insert') {
      this.#begin(row, by);
      return;
    }
    if (before !== null) {
      before.endedBy = by;
      before.endedHow = op;
    }
    life.current = null;
    if (op === 'update') this.#add(life, row, by, before?.incarnation ?? ++life.incarnations);
  }

  /** What the transaction did was undone; the versions that it made stay known, since nobody must have seen them. */
  undo(by: LoggedTransaction): void {
    for (const { life, before } of this.#changes.filter((change) => change.by === by).toReversed()) {
      life.current = before;
      if (before === null || before.endedBy !== by) continue;
      before.endedBy = null;
      before.endedHow = null;
    }
  }

  /** The rows that should be there when every transaction has ended. */
  live(): readonly LoggedVersion[] {
    return [...this.#lives.values()].flatMap(({ current }) => current ?? []);
  }

  #lifeOf(identity: Row): Life {
    const id = JSON.stringify(identity);
    const known = this.#lives.get(id);
    if (known !== undefined) return known;
    const life: Life = { current: null, incarnations: 0 };
    this.#lives.set(id, life);
    return life;
  }

  #begin(row: SeenRow, by: LoggedTransaction | null): void {
    const life = this.#lifeOf(row.identity);
    this.#add(life, row, by, ++life.incarnations);
  }

  #add(life: Life, { identity, key, matches }: SeenRow, madeBy: LoggedTransaction | null, incarnation: number): void {
    const version = { identity, incarnation, key, matches, madeBy, endedBy: null, endedHow: null };
    life.current = version;
    this.versions.push(version);
  }
}
