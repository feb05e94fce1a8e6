/**
 * Scenario `paging`: pages are turned through a table of the schema after the up, while other sessions write.
 *
 * A case is one pager and one kind of disturbance (`paging/kinds.ts`): its parameters name both, and hold the steps. The rows to begin with
 * are those of the case; they are legal after the up, and go in there. All cases of a migration run on one database (`paging/bench.ts`).
 */
import { EMPTY_DATASET } from '../core/dataset.ts';
import type { Parameters } from '../core/evidence.ts';
import type { PagingEvidence } from '../core/paging-history.ts';
import { scriptOf } from '../core/script.ts';
import { whyNotTotal } from '../core/total-order.ts';
import type { Trace } from '../core/trace.ts';
import { isCrossing } from './paging/crossing.ts';
import { openBench } from './paging/bench.ts';
import { checkPager } from './paging/check-pager.ts';
import { findKind, KINDS } from './paging/kinds.ts';
import type { KindRun, PagingKind } from './paging/kind.ts';
import { findPaged, type PagedTable } from './paging/paged-table.ts';
import type { Scenario, ScenarioCase, ScenarioRun, ScenarioSetting } from './scenario.ts';

type Named = Readonly<Record<string, Parameters>>;

export const paging: Scenario = {
  id: 'paging',
  runsBeside: false,
  cases: (asked, { pagersAfter }) => asked * Math.max(1, pagersAfter.length),
  maxAttempts: 600,
  reducesTogether: true,
  draw,
  simpler: (parameters) => {
    const named = namedIn(parameters);
    return findKind(named['kind'])?.simpler(named) ?? [];
  },
  run,
  repro: reproOf,
};

function namedIn(parameters: Parameters): Named {
  return typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)
    ? (parameters as Named)
    : {};
}

/** Pagers take turns, and each goes through the kinds that can be asked of it. */
function draw(setting: ScenarioSetting, seed: number, index: number): Parameters {
  const { pagersAfter } = setting;
  const pager = pagersAfter[index % Math.max(1, pagersAfter.length)];
  if (pager === undefined) return null;
  const round = Math.floor(index / pagersAfter.length);
  const turn = Math.floor(round / KINDS.length);
  const isWorthIt = ({ most = Number.POSITIVE_INFINITY, every = 1 }: PagingKind): boolean =>
    turn < most && turn % every === 0;
  const kinds = KINDS.filter((kind) => kind.isFor(pager, setting) && isWorthIt(kind));
  return { kind: kinds[round % kinds.length]?.id ?? null, pager: pager.id, seed, index: round };
}

async function run(setting: ScenarioSetting, given: ScenarioCase): Promise<ScenarioRun> {
  const parameters = namedIn(given.parameters);
  const pager = setting.pagersAfter.find(({ id }) => id === parameters['pager']);
  const kind = findKind(parameters['kind']);
  if (pager === undefined || kind === undefined) return endEarly('no pager is declared for the state after it', null);
  const bench = await openBench(setting);
  if (bench === null) return endEarly('the up script did not complete', null);
  const paged = findPaged(bench.model, pager);
  if (typeof paged === 'string') return endEarly(paged, null);
  const { kind: id = null, pager: name = null } = parameters;
  const order = whyNotTotal(paged.table, pager.key, pager.filter);
  if (order !== null) {
    const traces = [traceOf(evidenceOf(setting, paged, order, NOTHING))];
    return { ...NOTHING, parameters: { kind: id, pager: name }, traces };
  }
  if (!isChecked(setting, pager.id)) {
    await checkPager({ setting, bench, paged });
    return run(setting, given);
  }
  const ran = await kind.run({ setting, bench, paged }, parameters, given.dataset);
  return {
    loaded: ran.loaded,
    refused: ran.refused,
    parameters: { kind: id, pager: name, ...ran.parameters },
    traces: ran.unusable === null ? [traceOf(evidenceOf(setting, paged, null, ran))] : [],
    unusable: ran.unusable,
  };
}

const checked = new WeakMap<ScenarioSetting, Set<string>>();

/** Whether the pager was looked at in this state; from the second time on it was. */
function isChecked(setting: ScenarioSetting, pager: string): boolean {
  const known = checked.get(setting) ?? new Set();
  checked.set(setting, known);
  if (known.has(pager)) return true;
  known.add(pager);
  return false;
}

const NOTHING = {
  loaded: EMPTY_DATASET,
  refused: [],
  histories: [],
  codec: [],
  plans: [],
  steps: [],
  shown: '',
  unusable: null,
} as const;

function evidenceOf(
  setting: ScenarioSetting,
  paged: PagedTable,
  order: string | null,
  {
    steps,
    histories,
    codec,
    plans,
    shown,
    shownBefore,
  }: Pick<KindRun, 'steps' | 'histories' | 'codec' | 'plans' | 'shown' | 'shownBefore'>,
): PagingEvidence {
  const { id, indexes, maxCostRatio } = paged.pager;
  return {
    kind: 'paging',
    pager: id,
    steps,
    order,
    promises: { indexes, maxCostRatio },
    isCrossing: isCrossing(setting, paged),
    histories,
    codec,
    plans,
    shown,
    ...(shownBefore === undefined ? {} : { shownBefore }),
  };
}

function traceOf(evidence: PagingEvidence): Trace {
  return { scenario: 'paging', moments: [], endedEarly: null, preconditionRows: 0, evidence };
}

function endEarly(reason: string, parameters: Parameters): ScenarioRun {
  const trace: Trace = { scenario: 'paging', moments: [], endedEarly: reason, preconditionRows: 0, evidence: null };
  return { loaded: EMPTY_DATASET, refused: [], parameters, traces: [trace], unusable: null };
}

function reproOf(migration: ScenarioSetting['migration'], traces: readonly Trace[]): ReturnType<Scenario['repro']> {
  const [trace] = traces;
  const evidence = trace?.evidence?.kind === 'paging' ? trace.evidence : null;
  const { shown = '', shownBefore = null } = evidence ?? {};
  return {
    hasOwnRows: true,
    steps: [
      ...(shownBefore === null
        ? []
        : [{ caption: 'the rows, and the pages before the up', script: scriptOf(shownBefore) }]),
      { caption: `up (${migration.name})`, script: migration.up },
      ...(shown === ''
        ? []
        : [
            {
              caption: shownBefore === null ? 'the rows, and the steps of each session' : 'the pages after it',
              script: scriptOf(shown),
            },
          ]),
    ],
    checks: null,
  };
}
