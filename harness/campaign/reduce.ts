/**
 * Reducing a failing dataset to a minimal one. It works on the stored rows themselves rather than on the generator's choices,
 * so that every candidate is one trajectory through a database spent well: whole tables first, then rows by halves, then cells.
 * It needs no inverse of a generator, and reduces old examples as well as new ones.
 */
import { type Cell, countRows, type Dataset, EMPTY_DATASET, type Row } from '../core/dataset.ts';
import { sha256 } from '../core/hash.ts';

export interface Reduction {
  readonly dataset: Dataset;
  /** Reductions that kept the failure. */
  readonly shrinks: number;
  /** Trajectories spent. */
  readonly attempts: number;
}

export interface ReductionRequest {
  readonly dataset: Dataset;
  /** The rows that were really there if the failure is still there; null if it is gone. */
  readonly attempt: (candidate: Dataset) => Promise<Dataset | null>;
  /** What follows from other rows worked out again; a candidate counts as it is after this. */
  readonly settle?: (candidate: Dataset) => Dataset;
  /** Simpler legal values for a cell, simplest first. */
  readonly simplerCells: (table: string, column: string, current: Cell) => readonly Cell[];
  /** A bound in trajectories, not in time: the same failure reduces to the same rows on every machine. */
  readonly maxAttempts: number;
  /** Columns whose cells are not to be simplified because other rows refer to them or they refer to other rows. */
  readonly isFixed: (table: string, column: string) => boolean;
}

interface State {
  dataset: Dataset;
  shrinks: number;
  attempts: number;
}

/** Finds a small dataset on which the failure persists. */
export async function reduceDataset(request: ReductionRequest): Promise<Reduction> {
  const state: State = { dataset: request.dataset, shrinks: 0, attempts: 0 };
  const tried = new Set<string>();
  const settle = request.settle ?? ((candidate) => candidate);
  if (request.settle !== undefined) tried.add(identify(request.dataset));
  const tryCandidate = async (unsettled: Dataset): Promise<boolean> => {
    const candidate = settle(unsettled);
    const identity = identify(candidate);
    if (state.attempts >= request.maxAttempts || tried.has(identity)) return false;
    tried.add(identity);
    state.attempts++;
    const kept = await request.attempt(candidate);
    if (kept === null) return false;
    state.dataset = kept;
    state.shrinks++;
    return true;
  };
  if (countRows(state.dataset) > 0 && (await tryCandidate(EMPTY_DATASET))) return finish(state);
  await dropTables(state, tryCandidate);
  await dropRows(state, tryCandidate);
  await simplifyCells(state, tryCandidate, request);
  await dropRows(state, tryCandidate);
  return finish(state);
}

/** The hash alone is kept: candidates of a large dataset are large, and there are many. */
function identify(candidate: Dataset): string {
  return sha256(JSON.stringify(candidate));
}

function finish(state: State): Reduction {
  return { dataset: withoutEmptyTables(state.dataset), shrinks: state.shrinks, attempts: state.attempts };
}

function withoutEmptyTables(dataset: Dataset): Dataset {
  return { tables: dataset.tables.filter(({ rows }) => rows.length > 0) };
}

type Attempt = (candidate: Dataset) => Promise<boolean>;

/** Children first: without their children, parents go too. */
async function dropTables(state: State, attempt: Attempt): Promise<void> {
  for (const { table } of state.dataset.tables.toReversed()) {
    if (rowsOf(state.dataset, table).length > 0) await attempt(withRows(state.dataset, table, []));
  }
}

/** Drops ever smaller runs of rows from each table. */
async function dropRows(state: State, attempt: Attempt): Promise<void> {
  for (const { table } of state.dataset.tables.toReversed()) {
    for (
      let size = Math.ceil(rowsOf(state.dataset, table).length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let start = 0; start < rowsOf(state.dataset, table).length;) {
        const rows = rowsOf(state.dataset, table);
        const rest = [...rows.slice(0, start), ...rows.slice(start + size)];
        if (!(await attempt(withRows(state.dataset, table, rest)))) start += size;
      }
    }
  }
}

/** Replaces cells by simpler ones: a whole row at once, then halves of it, then each cell through its candidates. */
async function simplifyCells(state: State, attempt: Attempt, request: ReductionRequest): Promise<void> {
  for (const { table, columns } of state.dataset.tables) {
    for (let at = 0; at < rowsOf(state.dataset, table).length; at++) {
      const free = columns.flatMap((column, position) => (request.isFixed(table, column) ? [] : [position]));
      const stubborn = await simplifyGroup(state, attempt, request, { table, at, positions: free });
      for (const position of stubborn)
        await simplifyCell(state, attempt, request, { table, at, positions: [position] });
    }
  }
}

interface CellGroup {
  readonly table: string;
  readonly at: number;
  readonly positions: readonly number[];
}

/** Sets a group to its simplest values by bisection; returns the positions that resisted on their own. */
async function simplifyGroup(
  state: State,
  attempt: Attempt,
  request: ReductionRequest,
  group: CellGroup,
): Promise<readonly number[]> {
  const changing = group.positions.filter((position) =>
    simplestDiffers(state, request, { ...group, positions: [position] }),
  );
  if (changing.length === 0) return [];
  if (await attempt(withCells(state.dataset, group, changing, (position) => simplest(state, request, group, position))))
    return [];
  if (changing.length === 1) return changing;
  const middle = Math.ceil(changing.length / 2);
  const left = await simplifyGroup(state, attempt, request, { ...group, positions: changing.slice(0, middle) });
  const right = await simplifyGroup(state, attempt, request, { ...group, positions: changing.slice(middle) });
  return [...left, ...right];
}

/** Candidates may derive from the current value (a shorter prefix), so an accepted one is tried further. */
async function simplifyCell(
  state: State,
  attempt: Attempt,
  request: ReductionRequest,
  group: CellGroup,
): Promise<void> {
  const [position] = group.positions;
  if (position === undefined) return;
  let isSimpler = true;
  while (isSimpler) {
    isSimpler = false;
    for (const candidate of candidates(state, request, group, position).slice(1)) {
      if (candidate === cellAt(state.dataset, group, position)) break;
      isSimpler = await attempt(withCells(state.dataset, group, [position], () => candidate));
      if (isSimpler) break;
    }
  }
}

function candidates(state: State, request: ReductionRequest, group: CellGroup, position: number): readonly Cell[] {
  const column = columnsOf(state.dataset, group.table)[position];
  return column === undefined ? [] : request.simplerCells(group.table, column, cellAt(state.dataset, group, position));
}

function simplest(state: State, request: ReductionRequest, group: CellGroup, position: number): Cell {
  const [first] = candidates(state, request, group, position);
  return first === undefined ? cellAt(state.dataset, group, position) : first;
}

function simplestDiffers(state: State, request: ReductionRequest, group: CellGroup): boolean {
  const [position] = group.positions;
  return position !== undefined && simplest(state, request, group, position) !== cellAt(state.dataset, group, position);
}

function cellAt(dataset: Dataset, group: CellGroup, position: number): Cell {
  return rowsOf(dataset, group.table)[group.at]?.[position] ?? null;
}

function rowsOf(dataset: Dataset, table: string): readonly Row[] {
  return dataset.tables.find((entry) => entry.table === table)?.rows ?? [];
}

function columnsOf(dataset: Dataset, table: string): readonly string[] {
  return dataset.tables.find((entry) => entry.table === table)?.columns ?? [];
}

function withRows(dataset: Dataset, table: string, rows: readonly Row[]): Dataset {
  return { tables: dataset.tables.map((entry) => (entry.table === table ? { ...entry, rows } : entry)) };
}

function withCells(
  dataset: Dataset,
  group: CellGroup,
  positions: readonly number[],
  value: (position: number) => Cell,
): Dataset {
  const rows = rowsOf(dataset, group.table).map((row, at) =>
    at === group.at ? row.map((cell, position) => (positions.includes(position) ? value(position) : cell)) : row,
  );
  return withRows(dataset, group.table, rows);
}
