/**
 * The databases in which the cases of one schema state run: one at a time, brought back by a verified reset where that is possible,
 * else replaced by a new clone of the state's template.
 */
import type { Cluster, Database, EngineInfo, Template } from '../core/dialect.ts';
import type { Snapshot } from '../core/snapshot.ts';

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
  /** Tells the bench what the database looks like after a case. */
  left(snapshot: Snapshot | null): void;
  /** Leaves the current database to the caller: it is neither reset nor dropped by the bench. */
  release(): void;
  /** Leaves the current database up when the run ends; returns how a person reaches it. */
  keep(): Promise<string | null>;
}

/** Opens a bench; null stands for the empty database. `isShared`: other benches of the server are in use as long as this one. */
export function openWorkbench(cluster: Cluster, template: Template | null, isShared = false): Workbench {
  let current: Database | null = null;
  let last: Snapshot | null = null;
  const clone = async (): Promise<Database> => {
    const old = current;
    current = null;
    last = null;
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
      if (current === null || last === null) return clone();
      return (await current.reset(last)) ? current : clone();
    },
    clone,
    left(snapshot) {
      last = snapshot;
    },
    release() {
      current = null;
      last = null;
    },
    async keep() {
      const database = current;
      current = null;
      last = null;
      return database === null ? null : cluster.keep(database);
    },
    async [Symbol.asyncDispose]() {
      await current?.[Symbol.asyncDispose]();
      current = null;
    },
  };
}
