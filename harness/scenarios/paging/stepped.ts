/** Stepped cases: writers and readers step by step, as generated, while pages are turned. */
import type { Dataset } from '../../core/dataset.ts';
import type { Parameters } from '../../core/evidence.ts';
import type { Interleaving } from '../../core/interleaving.ts';
import { drive } from './drive.ts';
import { drawnFrom, type KindRun, type PagingGround, type PagingKind } from './kind.ts';
import { makeHistory } from './make-history.ts';
import { drawCase, explainRest, loadRows, lookAtRows, turnerOf } from './rows.ts';
import { showSteps } from './show-steps.ts';
import { simplerInterleavings } from './simpler-interleavings.ts';

export const stepped: PagingKind = {
  id: 'stepped',
  isFor: () => true,
  simpler: (parameters) => {
    const interleaving = interleavingIn(parameters);
    if (interleaving === null) return [];
    return simplerInterleavings(interleaving).map((simpler) => ({
      ...parameters,
      interleaving: asParameters(simpler),
    }));
  },
  run,
};

function interleavingIn(parameters: Readonly<Record<string, Parameters>>): Interleaving | null {
  return (parameters['interleaving'] ?? null) as unknown as Interleaving | null;
}

function asParameters(interleaving: Interleaving): Parameters {
  return interleaving as unknown as Parameters;
}

async function run(
  ground: PagingGround,
  parameters: Readonly<Record<string, Parameters>>,
  rows: Dataset,
): Promise<KindRun> {
  const { bench, paged, setting } = ground;
  const draw = drawnFrom(parameters);
  const drawn = draw === null ? null : drawCase(ground, draw.seed, draw.index);
  const interleaving = drawn?.interleaving ?? interleavingIn(parameters);
  if (interleaving === null) throw new Error('a stepped case without steps');
  const { loaded, refused } = await loadRows(ground, drawn?.rows ?? rows);
  const start = await lookAtRows(ground);
  const openTurner = turnerOf(ground);
  const driven = await drive({ paged, interleaving, start, session: bench.session, openTurner, look: bench.look });
  const unusable = explainRest(driven.log.live(), await lookAtRows(ground), paged.table.key);
  const { isolation, transactionPer } = interleaving;
  const history = await makeHistory({
    database: bench.database,
    engine: setting.engine,
    paged,
    mode: 'stepped',
    isolation,
    transactionPer,
    driven: { ...driven, versions: driven.log.versions },
  });
  return {
    loaded,
    refused,
    parameters: { interleaving: asParameters(interleaving) },
    histories: [history],
    codec: [],
    plans: [],
    steps: history.steps.map(({ session, text, outcome }) => `${session}: ${text} → ${outcome}`),
    shown: showSteps(ground, loaded, interleaving),
    unusable,
  };
}
