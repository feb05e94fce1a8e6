/** Simpler interleavings to try in the place of one that fails: fewer sessions, fewer steps, plainer transactions, smaller pages. */
import type { Interleaving, InterleavingStep } from '../../core/interleaving.ts';

/** Simplest first. */
export function simplerInterleavings(given: Interleaving): readonly Interleaving[] {
  const { steps } = given;
  const writes = steps.filter(({ op }) => op !== 'page');
  const pages = steps.filter(({ op }) => op === 'page');
  const sessions = [...new Set(steps.map(({ session }) => session))];
  const withSteps = (rest: readonly InterleavingStep[]): Interleaving => ({ ...given, steps: rest });
  const without = (dropped: readonly InterleavingStep[]): Interleaving =>
    withSteps(steps.filter((step) => !dropped.includes(step)));
  const half = Math.ceil(writes.length / 2);
  const runs =
    writes.length > 3
      ? [without(writes), without(writes.slice(half)), without(writes.slice(0, half))]
      : writes.length > 0
        ? [without(writes)]
        : [];
  const alone =
    sessions.length > 2 ? sessions.map((name) => withSteps(steps.filter(({ session }) => session !== name))) : [];
  const plainer: Interleaving[] = [];
  if (given.transactionPer === 'scan') plainer.push({ ...given, transactionPer: 'page' });
  if (given.isolation !== 'read-committed' && given.hasOneLevel !== true)
    plainer.push({ ...given, isolation: 'read-committed' });
  if (given.limit > 1) plainer.push({ ...given, limit: 1 });
  if (given.limit > 2) plainer.push({ ...given, limit: given.limit - 1 });
  const transactions = transactionsOf(steps);
  const single = [...transactions.map(without), ...writes.toReversed().map((step) => without([step]))];
  // Pages that no step asks for are turned at the end: a few steps at which they are turned are enough.
  const lessPages = pages.length > 1 ? pages.toReversed().map((step) => without([step])) : [];
  return [...runs, ...alone, ...plainer, ...single, ...lessPages, ...apart(given)];
}

/** The steps of each transaction that begins and ends; and its ends alone, which leave its writes to themselves. */
function transactionsOf(steps: readonly InterleavingStep[]): readonly (readonly InterleavingStep[])[] {
  return steps.flatMap((step, at) => {
    if (step.op !== 'begin') return [];
    const own = steps.slice(at).filter(({ session }) => session === step.session);
    const end = own.findIndex(({ op }) => op === 'commit' || op === 'rollback');
    const whole = end === -1 ? own : own.slice(0, end + 1);
    return [whole, whole.filter(({ op }) => op === 'begin' || op === 'commit' || op === 'rollback')];
  });
}

/** The same with a write moved to where its transaction ends: fewer transactions are open at once. */
function apart(given: Interleaving): readonly Interleaving[] {
  const { steps } = given;
  return steps.flatMap((step, at) => {
    if (step.op !== 'begin') return [];
    const next = steps.findIndex((other, later) => later > at && other.session === step.session);
    if (next <= at + 1) return [];
    const rest = steps.toSpliced(at, 1);
    return [{ ...given, steps: rest.toSpliced(next - 1, 0, step) }];
  });
}
