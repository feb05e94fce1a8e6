/**
 * From a confirmed failure to a stored counterexample: reduce, run once more, write.
 */
import { countRows, type Dataset } from '../core/dataset.ts';
import { type Counterexample, idOf } from '../core/counterexample.ts';
import type { EngineInfo } from '../core/dialect.ts';
import type { Parameters } from '../core/evidence.ts';
import type { Exhibit, Finding, JudgementContext, Property } from '../core/property.ts';
import type { ReportCounterexample } from '../core/report.ts';
import type { CampaignPlan } from './plan.ts';
import { findAnyValues } from './any-value.ts';
import { findCulprit } from './blame.ts';
import { findAgain } from './confirm.ts';
import { describeSteps } from './describe-steps.ts';
import { explain } from './explain.ts';
import { legalCellsOf, tellingCellsOf } from './other-cells.ts';
import { keepDatabase } from './keep-database.ts';
import { locateFinding } from './locate.ts';
import { reduceCase } from './reduce-case.ts';
import { reproOf } from './repro.ts';
import type { SavedFiles } from '../store/store.ts';
import { hasTimedOut } from './timeouts.ts';
import { steady, type Steadied } from './steady.ts';
import type { CaseRun, Subject } from './subject.ts';

const MAX_ATTEMPTS = 160;
const MAX_ANY_VALUE_ATTEMPTS = 40;
/** Each attempt in which a script does not end costs its whole time limit. */
const MAX_TIMED_OUT_ATTEMPTS = 6;
/** Where `replay` looks without being told. */
const DEFAULT_STORE = '.palindrome';

export interface FailureRequest {
  readonly plan: CampaignPlan;
  readonly subject: Subject;
  readonly engine: EngineInfo;
  readonly property: Property;
  readonly finding: Finding;
  readonly context: JudgementContext;
  readonly dataset: Dataset;
  /** What else decided the failing run; absent where rows decide alone. */
  readonly parameters?: Parameters;
  /** That of the case; what else is generated follows the plan's. */
  readonly seed: number;
  readonly caseIndex: number;
  /** `standard`, `chain:<applied>`, or the id of a scenario of its own. */
  readonly scenario: string;
  /** The stored case that failed; absent or undefined: the rows were generated. */
  readonly known?: Counterexample | undefined;
  onAttempt(): void;
}

/** Reduces and stores a failure; returns what the report says of it. How much is done about it, the plan's effort says. */
export async function recordFailure(
  request: FailureRequest,
): Promise<{ finding: Finding; counterexample: ReportCounterexample }> {
  const { subject, property, context, plan, dataset } = request;
  tellFailure(request);
  if (plan.effort === 'name') return nameFailure(request);
  // A stored case is as small as it was made when it was stored.
  const known = isExampleOf(request) && !isWaiting(plan, request.known) ? request.known : undefined;
  const isForLater = plan.unreduced?.isFirstLook === true && known === undefined;
  if (known === undefined && plan.onSuspect !== undefined)
    await plan.onSuspect(makeExample(request, request.finding, dataset, 0));
  let timedOut = 0;
  let parameters = request.parameters ?? null;
  const tryCase = async (candidate: Dataset, given: Parameters): Promise<CaseRun | null> => {
    if (timedOut >= MAX_TIMED_OUT_ATTEMPTS || plan.signal.aborted) return null;
    request.onAttempt();
    const run = await subject.runCase(candidate, { until: property.needs, isolated: false, parameters: given });
    if (hasTimedOut(run.traces)) timedOut++;
    return findAgain(property, run.traces, request.finding, context) === undefined ? null : run;
  };
  const maxAttempts = known === undefined && !isForLater ? (subject.scenario?.maxAttempts ?? MAX_ATTEMPTS) : 0;
  const { scenario } = subject;
  const reduction = await reduceCase({
    dataset,
    parameters,
    maxAttempts,
    simpler: scenario === undefined ? null : (given) => scenario.simpler(given),
    isTogether: scenario?.reducesTogether === true,
    attempt: tryCase,
    settle: (candidate) => subject.planned.source.settle(subject.model, candidate),
    simplerCells: (table, column, current) =>
      subject.planned.source.simplerCells(subject.model, table, column, current),
    isFixed: (table, column) => isKeyColumn(subject, table, column),
  });
  ({ parameters } = reduction);
  const isolated = { until: property.needs, isolated: true, parameters };
  // Where scripts do not end, or a person waits for the end, one more run costs more than it tells.
  const isEnough = plan.signal.aborted || timedOut > 0 || plan.effort !== 'explain' || isForLater;
  const twin = isEnough ? null : await subject.runCase(reduction.dataset, isolated);
  const last = await subject.runCase(reduction.dataset, isolated);
  await keepDatabase(plan.kept, subject.bench, (message) => plan.emit({ type: 'note', message }));
  const seen = await describeRun(request, last);
  const steadied = twin === null ? seen : steady(seen, await describeRun(request, twin), context.runStartedMs);
  const { steps } = steadied;
  const { shrinks } = reduction;
  // What costs more runs is left out where a person waits for the end, or runs are dear.
  const isCheap =
    plan.effort === 'explain' &&
    request.scenario === 'standard' &&
    !isForLater &&
    !plan.signal.aborted &&
    timedOut === 0;
  const anyValue =
    known !== undefined
      ? (known.anyValue ?? [])
      : isCheap
        ? await findAnyValues({
            dataset: reduction.dataset,
            maxAttempts: MAX_ANY_VALUE_ATTEMPTS,
            attempt: async (candidate) => (await tryCase(candidate, parameters))?.loaded ?? null,
            settle: (candidate) => subject.planned.source.settle(subject.model, candidate),
            legalCells: legalCellsOf(subject, plan, reduction.dataset),
            tellingCells: (table, row, column) =>
              tellingCellsOf(subject, request.finding, reduction.dataset, table, row, column),
            isFixed: (table, column) => isKeyColumn(subject, table, column),
          })
        : [];
  const culprit = isCheap ? await findCulprit(subject, property.id, steadied.finding, reduction.dataset) : null;
  const finding = culprit === null ? steadied.finding : { ...steadied.finding, at: culprit.statement };
  const explanation = culprit === null ? null : explain(property.id, finding, culprit);
  const made = makeExample({ ...request, parameters }, finding, reduction.dataset, shrinks);
  const exhibit = exhibitOf(property, last, steadied.finding);
  const example = {
    ...(known?.id === made.id ? { ...made, ...originOf(known) } : made),
    ...(anyValue.length === 0 ? {} : { anyValue }),
    ...(explanation === null ? {} : { explanation }),
    ...(exhibit === null ? {} : { interleaving: exhibit.interleaving }),
  };
  const files = await plan.store.save(example, reproOf(subject, example, last.traces), exhibit?.history ?? null);
  if (isForLater) plan.unreduced?.examples.set(example.id, example);
  return { finding, counterexample: reportOf(example, files, steps, plan.store.shownAs) };
}

/** What a report says of a failure that nobody is to look into. */
async function nameFailure(
  request: FailureRequest,
): Promise<{ finding: Finding; counterexample: ReportCounterexample }> {
  const { subject, plan, dataset } = request;
  const finding = await locateFinding(request.finding, subject.migration, subject.planned.dialect);
  const files = { file: '', repro: '', history: null };
  return {
    finding,
    counterexample: reportOf(makeExample(request, finding, dataset, 0), files, [], plan.store.shownAs),
  };
}

/** Whether a stored case is one that was not reduced yet. */
function isWaiting({ unreduced }: CampaignPlan, known: Counterexample | undefined): boolean {
  return known !== undefined && unreduced?.isFirstLook === false && unreduced.examples.has(known.id);
}

/** Whether the failure is the one that the stored case was stored for. */
function isExampleOf({ known, property, finding }: FailureRequest): boolean {
  return (
    known !== undefined &&
    known.property === property.id &&
    known.clause === finding.clause &&
    known.finding.object === finding.object
  );
}

/** Where the case was found, and how it became small. */
function originOf({
  seed,
  caseIndex,
  shrinks,
}: Counterexample): Pick<Counterexample, 'seed' | 'caseIndex' | 'shrinks'> {
  return { seed, caseIndex, shrinks };
}

function exhibitOf(property: Property, { traces }: CaseRun, finding: Finding): Exhibit | null {
  for (const trace of traces) {
    const exhibit = property.exhibit?.(trace, finding) ?? null;
    if (exhibit !== null) return exhibit;
  }
  return null;
}

/** Tells that a case falsified a clause. */
export function tellFailure(
  request: Pick<FailureRequest, 'plan' | 'subject' | 'property' | 'finding' | 'seed' | 'caseIndex'>,
): void {
  const { plan, subject, property, finding, seed, caseIndex } = request;
  plan.emit({
    type: 'failure-found',
    set: subject.planned.set.name,
    migration: subject.migration.name,
    property: property.id,
    clause: finding.clause,
    seed,
    caseIndex,
  });
}

/** The failure as one run of the reduced case shows it. */
async function describeRun({ subject, property, context, finding }: FailureRequest, run: CaseRun): Promise<Steadied> {
  const again = findAgain(property, run.traces, finding, context) ?? finding;
  return {
    finding: await locateFinding(again, subject.migration, subject.planned.dialect),
    steps: run.traces.flatMap(describeSteps),
  };
}

/** Cells that tie rows together are left alone: changing one breaks the tie, not the failure. */
function isKeyColumn(subject: Subject, table: string, column: string): boolean {
  const own = subject.model.tables.find(({ key }) => key === table);
  return (
    (own?.foreignKeys.some((key) => key.columns.includes(column)) ?? false) ||
    subject.model.tables.some((other) =>
      other.foreignKeys.some((key) => key.refTable === table && key.refColumns.includes(column)),
    )
  );
}

function makeExample(request: FailureRequest, finding: Finding, dataset: Dataset, shrinks: number): Counterexample {
  const { subject, property, plan, engine } = request;
  const { set } = subject.planned;
  const { migration } = subject;
  const content: Omit<Counterexample, 'id' | 'format'> = {
    tool: { version: plan.toolVersion },
    set: { name: set.name, path: set.path, layout: set.layout, dialect: set.dialect },
    migration: {
      id: migration.id,
      name: migration.name,
      upSha256: migration.up.sha256,
      downSha256: migration.down?.sha256 ?? null,
    },
    before: set.migrations.slice(0, subject.index).map(({ up }) => up.sha256),
    schemaFingerprint: subject.schemaFingerprint,
    engine: { version: engine.version, provider: engine.provider },
    scenario: request.scenario,
    ...(request.parameters == null ? {} : { parameters: request.parameters }),
    property: property.id,
    clause: finding.clause,
    seed: request.seed,
    caseIndex: request.caseIndex,
    shrinks,
    dataset,
    finding,
  };
  return { format: 'palindrome-counterexample/1', id: idOf(content), ...content };
}

function reportOf(
  example: Counterexample,
  files: SavedFiles,
  steps: readonly string[],
  storeShownAs: string,
): ReportCounterexample {
  const elsewhere = storeShownAs === DEFAULT_STORE ? '' : ` --store ${quoted(storeShownAs)}`;
  return {
    id: example.id,
    file: files.file,
    repro: files.repro,
    rows: countRows(example.dataset),
    shrinks: example.shrinks,
    dataset: example.dataset,
    finding: example.finding,
    anyValue: example.anyValue ?? [],
    explanation: example.explanation ?? null,
    ...(example.interleaving === undefined ? {} : { interleaving: example.interleaving }),
    ...(files.history === null ? {} : { history: files.history }),
    steps,
    replay: `palindrome replay ${example.id}${elsewhere}`,
  };
}

/** As a shell reads it: the URL of a store may have a `&`. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
