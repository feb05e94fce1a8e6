/**
 * The databases in which the cases of one schema state run: one at a time, brought back by a verified reset where that is possible,
 * with the down script's help where a case ended after an up, else replaced by a new clone of the state's template.
 */
import type { Cluster, Database, EngineInfo, Template } from '../core/dialect.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** Runs what leads back to the template's schema, and says whether it ran to its end; whether it got there is judged by who asked. */
export type WayBack = (database: Database) => Promise<boolean>;

/** After so many ways back that did not lead there, a bench tries no more. */
const MOST_LOST_WAYS = 2;

export interface Workbench extends AsyncDisposable {
  readonly engine: EngineInfo;
  /** As `Cluster.whyNoCrash`. */
  readonly whyNoCrash: string | null;
  /** A database in the template's state. It stays owned by the bench; the next call may use it again. */
  fresh(): Promise<Database>;
  /** The same, but always a new clone. */
  clone(): Promise<Database>;
  /** The database in use, whatever its state; null: there is none. */
  current(): Database | null;
  /**
   * Tells the bench what the database looks like after a case; null: nobody knows. `wayBack` is what may bring its schema back: it is tried
   * where the snapshot alone does not do, once more without rows where it refuses, and what it leaves is compared with the template before
   * anyone uses it.
   */
  left(snapshot: Snapshot | null, wayBack?: WayBack): void;
  /** Leaves the current database to the caller: it is neither reset nor dropped by the bench. */
  release(): void;
  /** Leaves the current database up when the run ends; returns how a person reaches it. */
  keep(): Promise<string | null>;
}

/** Opens a bench; null stands for the empty database. `isShared`: other benches of the server are in use as long as this one. */
export function openWorkbench(cluster: Cluster, template: Template | null, isShared = false): Workbench {
  let current: Database | null = null;
  let last: Snapshot | null = null;
  let wayBack: WayBack | null = null;
  let lostWays = 0;
  const forget = (): void => {
    last = null;
    wayBack = null;
  };
  const isBack = async (database: Database): Promise<boolean> => {
    if (last !== null && (await database.reset(last))) return true;
    if (wayBack === null || lostWays >= MOST_LOST_WAYS) return false;
    if (last !== null && (await wayBack(database)) && (await database.reset(null))) return true;
    // A way back may refuse to lose rows, as it should. These are nobody's.
    const isEmptied = await database.empty();
    if (isEmptied && last === null && (await database.reset(null))) return true;
    const isThere = isEmptied && (await wayBack(database)) && (await database.reset(null));
    if (!isThere) lostWays++;
    return isThere;
  };
  const clone = async (): Promise<Database> => {
    const old = current;
    current = null;
    forget();
    await old?.[Symbol.asyncDispose]();
    current = await (template === null ? cluster.create() : cluster.create(template));
    return current;
  };
  return {
    engine: cluster.engine,
    current: () => current,
    get whyNoCrash() {
      return isShared ? 'other cases use the same server' : cluster.whyNoCrash;
    },
    async fresh() {
      const database = current;
      return database !== null && (await isBack(database)) ? database : clone();
    },
    clone,
    left(snapshot, way) {
      last = snapshot;
      wayBack = way ?? null;
    },
    release() {
      current = null;
      forget();
    },
    async keep() {
      const database = current;
      current = null;
      forget();
      return database === null ? null : cluster.keep(database);
    },
    async [Symbol.asyncDispose]() {
      await current?.[Symbol.asyncDispose]();
      current = null;
    },
  };
}
