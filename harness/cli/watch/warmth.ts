/** What stays open between the rounds of a watch: servers, databases in every state, and verdicts. */
import type { PlannedSet } from '../../campaign/plan.ts';
import type { WarmSet } from '../../campaign/warm.ts';
import type { Cluster, Template } from '../../core/dialect.ts';
import type { ReportResult } from '../../core/report.ts';
import { wrapCluster } from '../../core/wrap-cluster.ts';
import { openServerPool, type ServerPool } from '../server-pool.ts';

interface Kept {
  readonly cluster: Promise<Cluster>;
  readonly warm: WarmSet & { readonly results: Map<string, readonly ReportResult[]> };
}

export interface Warmth extends AsyncDisposable {
  readonly pool: ServerPool;
  /** The sets with what earlier rounds left of them. `isLooking`: a first look, which keeps no verdict. */
  warm(planned: readonly PlannedSet[], isLooking: boolean): readonly PlannedSet[];
  /** A whole round ended: states and verdicts that it did not come by are let go. */
  settle(): Promise<void>;
  /** Verdicts hang on something else now: the configuration, say. */
  forgetResults(): void;
}

/** Nothing is open yet. Disposing closes and stops everything. */
export function openWarmth(): Warmth {
  const pool = openServerPool();
  const kept = new Map<string, Kept>();
  return {
    pool,
    warm: (planned, isLooking) =>
      planned.map((set, at) => {
        const key = JSON.stringify([at, set.set.path, set.set.dialect, set.providerReason, set.session.foreignKeys]);
        const known: Kept = kept.get(key) ?? {
          cluster: set.openCluster(),
          warm: { states: new Map(), next: new Map(), results: new Map(), met: new Set(), kept: new Set() },
        };
        kept.set(key, known);
        known.warm.kept.clear();
        return {
          ...set,
          // A run disposes the cluster that it opened; this one stays until the warmth is disposed.
          openCluster: async () => wrapCluster(await known.cluster, { [Symbol.asyncDispose]: async () => undefined }),
          warm: { ...known.warm, results: isLooking ? null : known.warm.results },
        };
      }),
    async settle() {
      for (const { warm } of kept.values()) {
        const left = templatesOf(warm);
        for (const values of [warm.states, warm.next, warm.results])
          for (const key of values.keys()) if (!warm.met.has(key)) values.delete(key);
        warm.met.clear();
        const used = templatesOf(warm);
        for (const template of left) if (!used.has(template)) await template[Symbol.asyncDispose]();
      }
    },
    forgetResults() {
      for (const { warm } of kept.values()) warm.results.clear();
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(
        [...kept.values()].map(async ({ cluster }) => {
          await (await cluster)[Symbol.asyncDispose]();
        }),
      );
      await pool[Symbol.asyncDispose]();
    },
  };
}

function templatesOf({ states, next }: WarmSet): ReadonlySet<Template> {
  return new Set([...states.values(), ...next.values()].flatMap(({ template }) => template ?? []));
}
