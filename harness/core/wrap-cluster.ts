import type { Cluster } from './dialect.ts';

/** The same cluster, disposed in another way: where several share it, or where more than the cluster has to be closed. */
export function wrapCluster(cluster: Cluster, own: AsyncDisposable & Partial<Pick<Cluster, 'keep'>>): Cluster {
  return {
    engine: cluster.engine,
    get whyNoCrash() {
      return cluster.whyNoCrash;
    },
    prepare: (requirements) => cluster.prepare(requirements),
    create: (from) => cluster.create(from),
    freeze: (database, key) => cluster.freeze(database, key),
    keep: (database) => cluster.keep(database),
    notes: () => cluster.notes(),
    ...own,
  };
}
