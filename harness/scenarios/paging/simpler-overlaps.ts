/** Simpler work for sessions at once: fewer writers, fewer transactions, plainer ones, smaller pages. One step less shows little here, half of them much. */
import type { Interleaving, InterleavingStep } from '../../core/interleaving.ts';

/** Transactions of all writers below which each is tried alone. */
const FEW = 8;

/** Simplest first. */
export function simplerOverlaps(given: Interleaving): readonly Interleaving[] {
  const { steps } = given;
  const writers = [...new Set(steps.filter(({ op }) => op !== 'page').map(({ session }) => session))];
  const readers = [...new Set(steps.filter(({ op }) => op === 'page').map(({ session }) => session))];
  const work = writers.map((name) => groups(steps.filter(({ session }) => session === name)));
  const keep = (kept: readonly (readonly InterleavingStep[])[]): Interleaving => {
    const all = new Set(kept.flat());
    return { ...given, steps: steps.filter((step) => step.op === 'page' || all.has(step)) };
  };
  const all = work.flat();
  const found: Interleaving[] = [];
  if (writers.length > 1)
    found.push(...work.map((_own, at) => keep(work.filter((_other, place) => place !== at).flat())));
  if (all.length > 2) {
    const half = (own: (typeof work)[number], isFirst: boolean) =>
      isFirst ? own.slice(0, Math.ceil(own.length / 2)) : own.slice(Math.floor(own.length / 2));
    found.push(...[true, false].map((isFirst) => keep(work.flatMap((own) => half(own, isFirst)))));
  }
  if (readers.length > 1)
    found.push({ ...given, steps: steps.filter(({ op, session }) => op !== 'page' || session === readers[0]) });
  if (given.transactionPer === 'scan') found.push({ ...given, transactionPer: 'page' });
  if (given.isolation !== 'read-committed') found.push({ ...given, isolation: 'read-committed' });
  if (all.length <= FEW && all.length > 1) found.push(...all.map((one) => keep(all.filter((other) => other !== one))));
  return found.filter(
    (simpler) =>
      simpler.steps.length < steps.length ||
      simpler.isolation !== given.isolation ||
      simpler.transactionPer !== given.transactionPer,
  );
}

/** Pages that a reader turns before anybody writes. */
const PAGES_BEFORE = [1, 2, 3];

/**
 * The same work one step after the other: as the steps stand, and all of it after the first pages. What can be shown
 * so does not depend on when things happen, and becomes as small as any such case.
 */
export function oneAfterTheOther(given: Interleaving): readonly Interleaving[] {
  const pages = given.steps.filter(({ op }) => op === 'page');
  const writes = given.steps.filter(({ op }) => op !== 'page');
  const [reader] = pages;
  if (reader === undefined) return [];
  const own = pages.filter(({ session }) => session === reader.session);
  const late = PAGES_BEFORE.map((many) => ({ ...given, steps: [...own.slice(0, many), ...writes] }));
  return [given, ...late];
}

/** The steps of each transaction, its begin and end among them. */
function groups(steps: readonly InterleavingStep[]): readonly (readonly InterleavingStep[])[] {
  const found: InterleavingStep[][] = [];
  let open: InterleavingStep[] | null = null;
  for (const step of steps) {
    if (open === null) found.push((open = []));
    open.push(step);
    const isOpen: boolean =
      step.op === 'begin' || (open[0]?.op === 'begin' && step.op !== 'commit' && step.op !== 'rollback');
    if (!isOpen) open = null;
  }
  return found;
}
