/** Picks one way through the wishes of a row, without obvious contradictions. */
import type { Draw } from '../draw.ts';
import type { Atom, Wish } from './wish.ts';

/** Whether a wish can be joined to those that a column already has. */
export type Agrees = (column: number, present: readonly Atom[], added: Atom) => boolean;

/** The wishes of one row by column. */
export class ChosenWishes {
  readonly byColumn = new Map<number, Atom[]>();
  readonly #trail: number[] = [];
  readonly #draw: Draw;
  readonly #agrees: Agrees;

  constructor(draw: Draw, agrees: Agrees) {
    this.#draw = draw;
    this.#agrees = agrees;
  }

  /** Adds one way through `wish`; false (and nothing added) where every way contradicts what is there. */
  add(wish: Wish): boolean {
    switch (wish.kind) {
      case 'free':
        return true;
      case 'never':
        return false;
      case 'all':
        return this.#addAll(wish.parts);
      case 'any':
        return this.#addAny(wish.parts);
      case 'count':
        return this.#addCount(wish);
      default:
        return this.#addAtom(wish);
    }
  }

  #addAll(parts: readonly Wish[]): boolean {
    const mark = this.#trail.length;
    for (const part of parts) {
      if (!this.add(part)) {
        this.#rewind(mark);
        return false;
      }
    }
    return true;
  }

  #addAny(parts: readonly Wish[]): boolean {
    return (parts.length > 1 ? this.#draw.shuffle(parts) : parts).some((part) => this.add(part));
  }

  #addCount(wish: Extract<Wish, { kind: 'count' }>): boolean {
    for (let attempt = 0; attempt < 4; attempt++) {
      const count = this.#draw.pick(wish.counts);
      const order = this.#draw.shuffle(wish.items.map((_, at) => at));
      const yes = new Set(order.slice(0, count));
      if (this.#addAll(wish.items.map((item, at) => (yes.has(at) ? item.yes : item.no)))) return true;
    }
    return false;
  }

  #addAtom(atom: Atom): boolean {
    const present = this.byColumn.get(atom.column);
    if (present === undefined) {
      this.byColumn.set(atom.column, [atom]);
    } else {
      if (!this.#agrees(atom.column, present, atom)) return false;
      present.push(atom);
    }
    this.#trail.push(atom.column);
    return true;
  }

  #rewind(mark: number): void {
    while (this.#trail.length > mark) {
      const column = this.#trail.pop();
      if (column !== undefined) this.byColumn.get(column)?.pop();
    }
  }
}
