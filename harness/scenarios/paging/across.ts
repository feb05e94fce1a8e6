/**
 * Cases across the migration: a client begins before the up, goes on with the same cursor while the up runs and after it, and ends after the down.
 *
 * Nobody else writes, so that whatever changed is the migration's: rows are looked at before the up, after it and after the down, and what differs
 * was made by a transaction of the up's or the down's own. A page that was asked for while the up ran is told only where the up left the rows of the
 * table as they were: else nobody could say which of them it should have seen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '../../core/dataset.ts';
import type { Database } from '../../core/dialect.ts';
import type { Parameters } from '../../core/evidence.ts';
import type { PageEra, PageSnapshot } from '../../core/paging-history.ts';
import type { ScenarioSetting } from '../scenario.ts';
import { type DrivenScan, hasEnded, keepPage, startScan } from './driven-scan.ts';
import { drawnFrom, type KindRun, type PagingGround, type PagingKind } from './kind.ts';
import { makeHistory } from './make-history.ts';
import { areCarriedOver, crossed } from './crossing.ts';
import type { PagedTable } from './paged-table.ts';
import type { PageTurner } from './page-turner.ts';
import { lookAtRows, turnerOf } from './rows.ts';
import { showAcross } from './show-steps.ts';
import type { LoggedTransaction, LoggedVersion, SeenRow } from './version-log.ts';

export const across: PagingKind = {
  id: 'across',
  isFor: (pager, setting) => crossed(setting, pager) !== null,
  simpler: (parameters) => {
    const plan = planIn(parameters);
    if (plan === null) return [];
    const simpler = [
      ...(plan.isDuring ? [{ ...plan, isDuring: false }] : []),
      ...(plan.isDown ? [{ ...plan, isDown: false }] : []),
      ...(plan.limit > 1 ? [{ ...plan, limit: 1 }] : []),
    ];
    return simpler.map((each) => ({ ...parameters, plan: each }));
  },
  run,
};

/** What a client does, beside the rows. */
interface Plan {
  readonly limit: number;
  /** Whether a page is asked for while the up runs. */
  readonly isDuring: boolean;
  /** Whether the scan goes on after the down. */
  readonly isDown: boolean;
}

function planIn(parameters: Readonly<Record<string, Parameters>>): Plan | null {
  return (parameters['plan'] ?? null) as unknown as Plan | null;
}

/** What the rows of the table were, one look after the other. */
interface Look {
  readonly rows: readonly SeenRow[];
  /** What made it of the one before; null: it was there first. */
  readonly by: LoggedTransaction | null;
}

async function run(
  ground: PagingGround,
  parameters: Readonly<Record<string, Parameters>>,
  given: Dataset,
): Promise<KindRun> {
  const { setting, paged } = ground;
  const earlier = crossed(setting, paged.pager);
  const draw = drawnFrom(parameters);
  const nothing = {
    refused: [],
    loaded: given,
    histories: [],
    codec: [],
    plans: [],
    steps: [],
    shown: '',
    parameters: {},
    unusable: null,
  };
  if (earlier === null || !areCarriedOver(earlier, paged))
    return { ...nothing, steps: ['rows or keys are something else before the up: no cursor crosses it'] };
  const drawn = draw === null ? null : drawBefore(setting, earlier, draw.seed, draw.index);
  const plan = drawn?.plan ?? planIn(parameters);
  if (plan === null) throw new Error('a case across the migration without a plan');
  const database = await setting.open();
  const { loaded, refused } = await setting.load(database, drawn?.rows ?? given);
  const walked = await walk(ground, earlier, database, plan);
  const base = { ...nothing, loaded, refused, parameters: { plan: plan as unknown as Parameters } };
  if (typeof walked === 'string') return { ...base, unusable: walked };
  const { scan, looks, eras, steps } = walked;
  const isMixed = eras.includes('during-up') && hasChanged(looks[0], looks[1]);
  const history = await makeHistory({
    database,
    engine: setting.engine,
    paged,
    mode: 'quiescent',
    isolation: setting.dialect.name === 'sqlite' ? 'serializable' : 'read-committed',
    transactionPer: 'page',
    eras,
    driven: {
      versions: versionsOf(looks),
      transactions: looks.flatMap(({ by }) => by ?? []),
      steps: [],
      scans: [scan],
    },
  });
  const shown = showAcross(ground, loaded, plan);
  return { ...base, histories: isMixed ? [] : [history], steps, ...shown };
}

function drawBefore(setting: ScenarioSetting, paged: PagedTable, seed: number, index: number) {
  const { pager, table, identity, key } = paged;
  const { rows, interleaving } = setting.source.interleaving({
    model: setting.model,
    seed,
    // Scans of a single page cross nothing.
    index: index + 4,
    literals: [],
    table: table.key,
    identity,
    key,
    movesRows: pager.movedRows !== 'forbid',
    isolations: ['read-committed'],
  });
  const isDuring = setting.dialect.name === 'postgres' && index % 2 === 0;
  const plan: Plan = { limit: Math.min(2, interleaving.limit), isDuring, isDown: setting.migration.down !== null };
  return { rows, plan };
}

interface Walked {
  readonly scan: DrivenScan;
  readonly looks: readonly Look[];
  /** Of each page. */
  readonly eras: readonly PageEra[];
  readonly steps: readonly string[];
}

/** Turns the pages, two before the up; a sentence: why there is nothing to judge. */
async function walk(
  ground: PagingGround,
  earlier: PagedTable,
  database: Database,
  plan: Plan,
): Promise<Walked | string> {
  const { setting, paged } = ground;
  const { migration, limits } = setting;
  const eras: PageEra[] = [];
  const steps: string[] = [];
  const look = (table: PagedTable): Promise<readonly SeenRow[]> => lookAcross({ ...ground, paged: table }, database);
  const looks: Look[] = [{ rows: await look(earlier), by: null }];
  const rows = looks[0]?.rows.length ?? 0;
  let scan: DrivenScan | null = null;
  /** Each part has a connection of its own: what a client prepared before a schema changed is another matter. */
  const turn = async (era: PageEra, pages: number, beside?: () => Promise<Beside>): Promise<void> => {
    await using session = await database.openSession({ name: 'r1', isReadOnly: true });
    const table = era === 'before-up' || era === 'after-down' ? earlier : paged;
    const client = { ...ground, paged: table, bench: { ...ground.bench, database } };
    await using turner = await turnerOf(client)(session, plan.limit);
    scan ??= startScan('r1', turner, plan.limit, 'forward', false);
    const running = await beside?.();
    for (let page = 0; page < pages && !hasEnded(scan, rows); page++) {
      await turnOne(scan, turner, snapshotAfter(looks.length - 1), () => void eras.push(era));
      if (scan.failure !== null) scan.failedIn = era;
    }
    await running?.ended();
  };
  await turn('before-up', plan.isDuring ? 1 : 2);
  let upStatus = 'completed';
  const up = async (): Promise<void> => {
    ({ status: upStatus } = await database.execute(migration.up, limits));
  };
  if (plan.isDuring) await turn('during-up', 1, () => runBeside(ground, database, up));
  else await up();
  if (upStatus !== 'completed') return 'the up script did not complete with these rows';
  looks.push({ rows: await look(paged), by: { session: 'up', id: 1n, outcome: 'committed' } });
  await turn('after-up', plan.isDown ? 1 : Number.POSITIVE_INFINITY);
  if (plan.isDown && migration.down !== null) {
    const { status } = await database.execute(migration.down, limits);
    if (status !== 'completed') return 'the down script did not complete with these rows';
    looks.push({ rows: await look(earlier), by: { session: 'down', id: 2n, outcome: 'committed' } });
    await turn('after-down', Number.POSITIVE_INFINITY);
  }
  if (scan === null) return 'no page was turned';
  const { pages }: DrivenScan = scan;
  steps.push(
    ...pages.map(
      ({ items }, at) => `page ${at + 1} (${eras[at]?.replace('-', ' the ')}): ${items.length} of ${paged.table.key}`,
    ),
  );
  return { scan, looks, eras, steps };
}

/** The up while a page is turned. */
interface Beside {
  /** Resolves once it has ended. */
  ended(): Promise<void>;
}

/** What waits, before it ends, for all that was seen when it began. */
const CONCURRENTLY = /\bconcurrently\b/i;
/** Time in which a build has come to where it waits. */
const STARTS_MS = 30;

/**
 * Starts the up. Where it builds an index beside other work, it is held up by a snapshot from before it until the page was turned: then the page
 * is certain to come while the build goes on.
 */
async function runBeside(ground: PagingGround, database: Database, up: () => Promise<void>): Promise<Beside> {
  if (!CONCURRENTLY.test(ground.setting.migration.up.text)) {
    const running = up();
    return { ended: () => running };
  }
  const holder = await database.openSession({ name: 'r2', isReadOnly: true });
  await holder.begin('repeatable-read');
  await holder.read('SELECT 1', []);
  const running = up();
  await sleep(STARTS_MS);
  return {
    async ended() {
      await holder.commit();
      await holder[Symbol.asyncDispose]();
      await running;
    },
  };
}

async function lookAcross(ground: PagingGround, database: Database): Promise<readonly SeenRow[]> {
  await using session = await database.openSession({ name: 'r0', isReadOnly: true });
  return await lookAtRows({ ...ground, bench: { ...ground.bench, session: async () => session } });
}

async function turnOne(scan: DrivenScan, turner: PageTurner, snapshot: PageSnapshot, note: () => void): Promise<void> {
  let turned = await turner.turn(scan.cursor, 'forward');
  while (turned.status === 'blocked') turned = await turner.settle();
  if (turned.status === 'failed') {
    scan.failure = turned;
    return;
  }
  keepPage(scan, turned, snapshot, null);
  note();
}

/** What a page sees after so many parts of the migration: each counts as one transaction. */
function snapshotAfter(parts: number): PageSnapshot {
  const next = String(parts + 1);
  return { xmin: next, xmax: next, inProgress: [] };
}

function textOf({ key, matches }: SeenRow): string {
  return JSON.stringify([key, matches]);
}

function idOf({ identity }: SeenRow): string {
  return JSON.stringify(identity);
}

function hasChanged(one: Look | undefined, other: Look | undefined): boolean {
  const text = (look: Look | undefined): string =>
    JSON.stringify((look?.rows ?? []).map((row) => [idOf(row), textOf(row)]));
  return text(one) !== text(other);
}

/** What differs between two looks, as versions. */
function versionsOf(looks: readonly Look[]): readonly LoggedVersion[] {
  const versions: LoggedVersion[] = [];
  const current = new Map<string, LoggedVersion>();
  const lives = new Map<string, number>();
  for (const { rows, by } of looks) {
    const there = new Map(rows.map((row) => [idOf(row), row]));
    for (const [id, version] of current) {
      const row = there.get(id);
      if (row !== undefined && textOf(row) === textOf(version)) continue;
      version.endedBy = by;
      version.endedHow = row === undefined ? 'delete' : 'update';
      if (row === undefined) current.delete(id);
    }
    for (const [id, row] of there) {
      const known = current.get(id);
      if (known !== undefined && known.endedBy === null) continue;
      const incarnation = known?.incarnation ?? (lives.get(id) ?? 0) + 1;
      lives.set(id, incarnation);
      const made: LoggedVersion = { ...row, incarnation, madeBy: by, endedBy: null, endedHow: null };
      versions.push(made);
      current.set(id, made);
    }
  }
  return versions;
}
