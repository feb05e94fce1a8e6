/** Composes dialects, generators and servers with sets: the one place that knows every concrete part. */
import path from 'node:path';
import type { PlannedModel, PlannedSet } from '../campaign/plan.ts';
import { guessPagers } from '../config/guess-pagers.ts';
import { proposalNote, unanswered } from '../config/propose-pagers.ts';
import { type SetSettings, showPathFrom } from '../config/settings.ts';
import type { KnownFailures } from '../core/acceptance.ts';
import { readBaseline } from '../store/baseline-file.ts';
import type { Cluster, ClusterOptions, Dialect, EngineInfo } from '../core/dialect.ts';
import { wrapCluster } from '../core/wrap-cluster.ts';
import { PalindromeError } from '../core/errors.ts';
import type { DialectName } from '../core/migration.ts';
import type { ModelSource } from '../core/parity.ts';
import { loadDialect } from './load-dialect.ts';
import type { ReadSet } from './read-sets.ts';
import type { PooledServer, ServerPool } from './server-pool.ts';
import { startingDataOf } from './starting-data.ts';

/** Each set once for each version that is asked for; SQLite has one. */
export async function planSets(
  sets: readonly ReadSet[],
  pool: ServerPool,
  { mayMissBaseline = false }: { readonly mayMissBaseline?: boolean } = {},
): Promise<PlannedSet[]> {
  const { createDatasetSource } = await import('../../generators/dataset-source.ts');
  const planned: PlannedSet[] = [];
  for (const read of sets) {
    const { settings, set, invariants, conservations, preparations, queries, pagers } = read;
    const dialect = await loadDialect(set.dialect);
    const baseline = await knownFailures(settings, mayMissBaseline);
    const { sqlite } = settings.config;
    const proposals = unanswered(await guessPagers(set, dialect), pagers).map(proposalNote);
    const session = { foreignKeys: sqlite?.foreignKeys ?? set.sqliteForeignKeys, functions: sqlite?.functions ?? {} };
    for (const postgres of set.dialect === 'postgres' ? settings.postgres : [null]) {
      const { provider, image, serverUrl, allowRemote, cases, workers, limits, config } = settings;
      const request = { postgres, image, serverUrl, allowRemote };
      const server = await pool.reserve({ provider, dialect: set.dialect, request });
      planned.push({
        set: { ...set, notes: [...set.notes, ...proposals] },
        dialect,
        source: await createDatasetSource({ overrides: config.generators ?? {}, datasets: config.datasets ?? [] }),
        invariants,
        conservations,
        preparations,
        queries,
        pagers,
        model: plannedModel(settings, set.dialect),
        parityExceptions: config.parity?.except ?? [],
        baseline,
        cases,
        workers,
        limits,
        session,
        openCluster: () => openCluster(dialect, server, { ...session, keep: false }, postgres),
        providerReason: server.reason,
        starting: settings.dataset === null ? null : startingDataOf(settings.dataset, settings, dialect),
      });
    }
  }
  return planned;
}

/** The failures of this set that its baseline knows; null where there is no baseline. Throws `baseline-not-found` where one was named. */
async function knownFailures(
  { folder, baseline: { file, shownAs, isNamed } }: SetSettings,
  mayMiss: boolean,
): Promise<KnownFailures | null> {
  const failures = await readBaseline(file, shownAs);
  if (failures === null && isNamed && !mayMiss)
    throw new PalindromeError('baseline-not-found', `There is no baseline at ${shownAs}.`, {
      hint: `Write it: palindrome baseline --baseline ${shownAs}`,
    });
  const key = baselineKey(file, folder);
  return failures === null ? null : { file: shownAs, failures: failures.filter(({ set }) => set === key) };
}

/** A set as its baseline names it: the same wherever the command runs. */
export function baselineKey(file: string, folder: string): string {
  return path.relative(path.dirname(file), folder).replaceAll(path.sep, '/') || '.';
}

/** The declared model, with its path resolved from the configuration's folder. Nothing is read yet. */
function plannedModel({ source, config }: SetSettings, dialect: DialectName): PlannedModel | null {
  const [given] = Object.entries(config.model ?? {}).filter(([, file]) => file !== undefined);
  if (given === undefined || source === null) return null;
  const kind = given[0] as ModelSource;
  const absolute = path.resolve(path.dirname(source.file), given[1]);
  const file = showPathFrom(path.dirname(source.file), absolute);
  let reading: Promise<string> | null = null;
  return {
    source: kind,
    file,
    read: () =>
      (reading ??= import('../models/read-model.ts').then(({ readModel }) =>
        readModel({ source: kind, file: absolute, shownAs: file, dialect }),
      )),
  };
}

async function openCluster(
  dialect: Dialect,
  server: PooledServer,
  options: ClusterOptions,
  postgres: string | null,
): Promise<Cluster> {
  const cluster = await dialect.openCluster(await server.start(), options);
  if (postgres !== null && cluster.engine.major !== postgres) {
    await cluster[Symbol.asyncDispose]();
    await server.release();
    throw otherVersion(postgres, cluster.engine);
  }
  return wrapCluster(cluster, {
    async keep(database) {
      const address = await cluster.keep(database);
      if (address !== null) server.keep();
      return address;
    },
    async [Symbol.asyncDispose]() {
      try {
        await cluster[Symbol.asyncDispose]();
      } finally {
        await server.release();
      }
    },
  });
}

/** A server by URL and an image are what they are: a verdict of theirs is none on the version that was asked for. */
function otherVersion(wanted: string, { version, major }: EngineInfo): PalindromeError {
  return new PalindromeError(
    'postgres-mismatch',
    `PostgreSQL ${wanted} was asked for, and this server is ${version}.`,
    {
      hint: `Ask for --postgres ${major}, or name a server or an image of version ${wanted}.`,
    },
  );
}
