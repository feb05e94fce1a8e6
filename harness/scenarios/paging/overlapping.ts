/**
 * Overlapping cases: writers really at work at once, some hundred transactions, while readers turn pages. What each session does is generated data, as in
 * stepped cases; when it happens is the server's affair, and differs from run to run.
 *
 * So a case keeps what it saw: its histories go into its parameters, and a run that is given them judges them again, beside what
 * it sees this time. They are of the pager and of the rows that they were recorded with: for others they say nothing, and are left out.
 */
import type { Dataset } from '../../core/dataset.ts';
import type { Parameters } from '../../core/evidence.ts';
import type { Interleaving } from '../../core/interleaving.ts';
import type { PagingHistory } from '../../core/paging-history.ts';
import { count } from '../../core/text.ts';
import { drawnFrom, type KindRun, type PagingGround, type PagingKind } from './kind.ts';
import { makeHistory } from './make-history.ts';
import { overlap } from './overlap.ts';
import { drawCase, explainRest, loadRows, lookAtRows, turnerOf } from './rows.ts';
import { showOverlap } from './show-steps.ts';
import { oneAfterTheOther, simplerOverlaps } from './simpler-overlaps.ts';
import { sentWrites } from './sent-writes.ts';

/** Transactions of each of the three writers, unless the pager says how many there are to be. */
const TRANSACTIONS = 40;
const WRITERS = 3;
/** Runs of steps that are given without a history: what one run does not show another may. */
const TRIES = 3;

interface Recorded {
  readonly pager: string;
  readonly rows: string;
  readonly histories: readonly PagingHistory[];
}

export const overlapping: PagingKind = {
  id: 'overlapping',
  // The pages of a module tell no snapshot of their own, and SQLite's writers take turns.
  isFor: ({ pages, overlappingTransactions }, { dialect }) =>
    dialect.name === 'postgres' && pages.kind === 'sql' && overlappingTransactions !== 0,
  // A case costs as much as twenty stepped ones.
  every: 4,
  // What can be shown step by step is: that does not depend on when things happen.
  simpler: ({ recorded: _recorded, ...parameters }) => {
    const interleaving = interleavingIn(parameters);
    if (interleaving === null) return [];
    const stepped = oneAfterTheOther(interleaving).map((simpler) => ({
      ...parameters,
      kind: 'stepped',
      interleaving: asParameters(simpler),
    }));
    const overlaps = simplerOverlaps(interleaving).map((simpler) => ({
      ...parameters,
      interleaving: asParameters(simpler),
    }));
    return [...stepped, ...overlaps];
  },
  run,
};

function interleavingIn(parameters: Readonly<Record<string, Parameters>>): Interleaving | null {
  return (parameters['interleaving'] ?? null) as unknown as Interleaving | null;
}

function asParameters(given: Interleaving | Recorded): Parameters {
  return given as unknown as Parameters;
}

async function run(
  ground: PagingGround,
  parameters: Readonly<Record<string, Parameters>>,
  rows: Dataset,
): Promise<KindRun> {
  const { pager } = ground.paged;
  const draw = drawnFrom(parameters);
  const each = Math.ceil((pager.overlappingTransactions ?? TRANSACTIONS * WRITERS) / WRITERS);
  const drawn = draw === null ? null : drawCase(ground, draw.seed, draw.index, each);
  const interleaving = drawn?.interleaving ?? interleavingIn(parameters);
  if (interleaving === null) throw new Error('an overlapping case without steps');
  const given = (parameters['recorded'] ?? null) as unknown as Recorded | null;
  let once = await runOnce(ground, interleaving, drawn?.rows ?? rows);
  const { loaded } = once;
  if (once.unusable !== null) return resultOf(ground, once, interleaving, [], null);
  const seen = [once.history];
  if (given !== null && isOf(given, ground, loaded))
    return resultOf(ground, once, interleaving, [...given.histories, ...seen], given);
  for (let tries = draw === null ? TRIES : 1; tries > 1; tries--) {
    await ground.bench.clear();
    once = await runOnce(ground, interleaving, loaded);
    if (once.unusable !== null) return resultOf(ground, once, interleaving, [], null);
    seen.push(once.history);
  }
  const recorded: Recorded = { pager: pagerText(ground), rows: JSON.stringify(loaded), histories: seen };
  return resultOf(ground, once, interleaving, seen, recorded);
}

function isOf(recorded: Recorded, ground: PagingGround, loaded: Dataset): boolean {
  return recorded.pager === pagerText(ground) && recorded.rows === JSON.stringify(loaded);
}

/** All that decides what its pages are. */
function pagerText({ paged: { pager } }: PagingGround): string {
  const { from: _from, until: _until, overlappingTransactions: _many, ...own } = pager;
  return JSON.stringify(own);
}

interface Once extends Pick<KindRun, 'loaded' | 'refused' | 'unusable'> {
  readonly history: PagingHistory;
}

async function runOnce(ground: PagingGround, interleaving: Interleaving, rows: Dataset): Promise<Once> {
  const { bench, paged, setting } = ground;
  const { loaded, refused } = await loadRows(ground, rows);
  const { session, writer, database } = bench;
  const openTurner = turnerOf(ground);
  const done = await overlap({ paged, interleaving, session, writer, openTurner });
  const { isolation, transactionPer } = interleaving;
  const history = await makeHistory({
    database,
    engine: setting.engine,
    paged,
    mode: 'overlapping',
    isolation,
    transactionPer,
    driven: { ...done, steps: [] },
  });
  const live = done.versions.filter(({ madeBy, endedBy }) => madeBy?.outcome !== 'rolled-back' && endedBy === null);
  const [unexplained] = done.unexplained;
  const unusable =
    unexplained === undefined
      ? explainRest(live, await lookAtRows(ground), paged.table.key)
      : `it is not known who wrote ${unexplained}: a trigger or another session changes ${paged.table.key}`;
  return { loaded, refused, unusable, history };
}

function resultOf(
  ground: PagingGround,
  { loaded, refused, unusable }: Once,
  interleaving: Interleaving,
  histories: readonly PagingHistory[],
  recorded: Recorded | null,
): KindRun {
  const writers = sentWrites(interleaving, ground.paged.table.key);
  const readers = new Set(interleaving.steps.filter(({ op }) => op === 'page').map(({ session }) => session));
  return {
    loaded,
    refused,
    parameters: {
      interleaving: asParameters(interleaving),
      ...(recorded === null ? {} : { recorded: asParameters(recorded) }),
    },
    histories,
    codec: [],
    plans: [],
    steps: [
      ...[...writers].map(
        ([name, sent]) => `${name}: ${count(sent.length, 'transaction')}, at the same time as the others`,
      ),
      ...[...readers].map((name) => `${name}: pages of ${interleaving.limit} meanwhile, scan after scan`),
    ],
    shown: showOverlap(ground, loaded, interleaving),
    unusable,
  };
}
