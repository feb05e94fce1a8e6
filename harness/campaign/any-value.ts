/**
 * Which cells of a reduced dataset do not matter: each is given other legal values, and does not matter where the failure stays with all
 * of them. Cells are tried together and parted where the failure goes, so that few runs are needed where few cells matter. The bound is
 * in runs, not in time: the same failure is described in the same way on every machine. Values under which a failure is likely to go (what the
 * script writes there, what stands beside it) are tried one by one in the end: together they could hide each other.
 */
import { type Cell, countRows, type Dataset } from '../core/dataset.ts';
import type { AnyCells } from '../core/explanation.ts';

interface AnyValueRequest {
  readonly dataset: Dataset;
  /** The rows that were really there if the failure is still there; null if it is gone. */
  readonly attempt: (candidate: Dataset) => Promise<Dataset | null>;
  readonly settle: (candidate: Dataset) => Dataset;
  /** Legal values for a cell. */
  readonly legalCells: (table: string, column: string, current: Cell) => readonly Cell[];
  /** Values, legal or not, under which the failure may well be gone. */
  readonly tellingCells: (table: string, row: number, column: string) => readonly Cell[];
  readonly isFixed: (table: string, column: string) => boolean;
  readonly maxAttempts: number;
}

interface Place {
  readonly table: string;
  readonly row: number;
  readonly position: number;
  readonly column: string;
  readonly current: Cell;
  /** One or two values that the cell does not hold. */
  readonly others: readonly [Cell, Cell];
}

/** The cells that do not matter. What could not be tried within the bound, or has no other legal value, counts as mattering. */
export async function findAnyValues(request: AnyValueRequest): Promise<readonly AnyCells[]> {
  let attempts = 0;
  const staysWith = async (places: readonly Place[], round: 0 | 1): Promise<boolean> =>
    staysIn(withCells(request.dataset, places, (place) => place.others[round]));
  const staysIn = async (candidate: Dataset): Promise<boolean> => {
    if (attempts >= request.maxAttempts) return false;
    attempts++;
    // A value that follows from others is worked out again: then nothing was tried.
    if (JSON.stringify(request.settle(candidate)) !== JSON.stringify(candidate)) return false;
    const loaded = await request.attempt(candidate);
    return loaded !== null && countRows(loaded) === countRows(candidate);
  };
  const search = async (places: readonly Place[]): Promise<readonly Place[]> => {
    if (places.length === 0 || attempts >= request.maxAttempts) return [];
    if ((await staysWith(places, 0)) && (await staysWith(places, 1))) return places;
    if (places.length === 1) return [];
    const middle = Math.ceil(places.length / 2);
    return [...(await search(places.slice(0, middle))), ...(await search(places.slice(middle)))];
  };
  const staysTold = async (place: Place): Promise<boolean> => {
    for (const cell of request.tellingCells(place.table, place.row, place.column))
      if (cell !== place.current && !(await staysIn(withCells(request.dataset, [place], () => cell)))) return false;
    return true;
  };
  const found: Place[] = [];
  for (const place of await search(placesOf(request))) if (await staysTold(place)) found.push(place);
  return group(found);
}

function placesOf({ dataset, legalCells, isFixed }: AnyValueRequest): readonly Place[] {
  return dataset.tables.flatMap(({ table, columns, rows }) =>
    rows.flatMap((cells, row) =>
      columns.flatMap((column, position) => {
        if (isFixed(table, column)) return [];
        const current = cells[position] ?? null;
        const others = legalCells(table, column, current).filter((cell) => cell !== current);
        const first = others[0];
        const last = others.at(-1);
        return first === undefined || last === undefined
          ? []
          : [{ table, row, position, column, current, others: [first, last] as const }];
      }),
    ),
  );
}

function withCells(dataset: Dataset, places: readonly Place[], cellFor: (place: Place) => Cell): Dataset {
  return {
    tables: dataset.tables.map((entry) => ({
      ...entry,
      rows: entry.rows.map((cells, row) =>
        cells.map((cell, position) => {
          const place = places.find(
            (each) => each.table === entry.table && each.row === row && each.position === position,
          );
          return place === undefined ? cell : cellFor(place);
        }),
      ),
    })),
  };
}

function group(places: readonly Place[]): readonly AnyCells[] {
  const found = new Map<string, { table: string; row: number; columns: string[] }>();
  for (const { table, row, column } of places) {
    const key = JSON.stringify([table, row]);
    const entry = found.get(key) ?? { table, row, columns: [] };
    entry.columns.push(column);
    found.set(key, entry);
  }
  return [...found.values()];
}
