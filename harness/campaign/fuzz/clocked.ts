/**
 * Where the time of a campaign goes: the same cluster and source, with a clock on what they do.
 */
import type { DatasetSource } from '../../core/case.ts';
import type { Cluster, Database } from '../../core/dialect.ts';
import type { PlannedSet } from '../plan.ts';

/** Milliseconds, added up over lanes that run side by side. */
export interface Spent {
  generating: number;
  loading: number;
  migrating: number;
  checking: number;
}

/** Nothing spent yet. */
export function makeSpent(): Spent {
  return { generating: 0, loading: 0, migrating: 0, checking: 0 };
}

const KINDS: Readonly<Partial<Record<keyof Database, keyof Spent>>> = {
  load: 'loading',
  run: 'loading',
  reset: 'loading',
  execute: 'migrating',
  interrupt: 'migrating',
  capture: 'checking',
  introspect: 'checking',
  query: 'checking',
  explain: 'checking',
  findIndexes: 'checking',
  attempt: 'checking',
  examine: 'checking',
};

/** The set with clocks on its generator. */
export function clockSource(planned: PlannedSet, spent: Spent): PlannedSet {
  const { source } = planned;
  const timed = <Result>(work: () => Result): Result => {
    const from = performance.now();
    try {
      return work();
    } finally {
      spent.generating += performance.now() - from;
    }
  };
  const clocked: DatasetSource = {
    ...source,
    generate: (request) => timed(() => source.generate(request)),
    laterWrites: (request, earlier) => timed(() => source.laterWrites(request, earlier)),
    settle: (model, dataset) => timed(() => source.settle(model, dataset)),
  };
  return { ...planned, source: clocked };
}

/** The cluster with clocks on its databases. Disposing it disposes the cluster. */
export function clockCluster(cluster: Cluster, spent: Spent): Cluster {
  const originals = new WeakMap<Database, Database>();
  const original = (database: Database): Database => originals.get(database) ?? database;
  const timed = async <Result>(kind: keyof Spent, work: () => Promise<Result>): Promise<Result> => {
    const from = performance.now();
    try {
      return await work();
    } finally {
      spent[kind] += performance.now() - from;
    }
  };
  return {
    engine: cluster.engine,
    get whyNoCrash() {
      return cluster.whyNoCrash;
    },
    prepare: (requirements) => cluster.prepare(requirements),
    async create(from) {
      const database = await timed('loading', () => cluster.create(from));
      const clocked = clockDatabase(database, timed);
      originals.set(clocked, database);
      return clocked;
    },
    freeze: (database, key) => timed('loading', () => cluster.freeze(original(database), key)),
    keep: (database) => cluster.keep(original(database)),
    notes: () => cluster.notes(),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

function clockDatabase(
  database: Database,
  timed: <Result>(kind: keyof Spent, work: () => Promise<Result>) => Promise<Result>,
): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const kind = KINDS[name as keyof Database];
      const call = value.bind(target) as (...args: readonly unknown[]) => Promise<unknown>;
      return kind === undefined ? call : (...args: readonly unknown[]) => timed(kind, () => call(...args));
    },
  });
}
