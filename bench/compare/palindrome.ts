/** Palindrome's own rows: a whole campaign over the measured migration, generating included, as `verify` runs it. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { CampaignPlan, PlannedSet } from '../../harness/campaign/plan.ts';
import { runCampaign } from '../../harness/campaign/run-campaign.ts';
import type { DatasetSource } from '../../harness/core/case.ts';
import type { Dialect } from '../../harness/core/dialect.ts';
import type { PropertyId } from '../../harness/core/property.ts';
import type { Server } from '../../harness/core/provider.ts';
import { openStore } from '../../harness/store/open-store.ts';
import { ALL_PROPERTIES } from '../../properties/catalogue.ts';
import { LIMITS, type Contender, type Work } from './row.ts';
import { MEASURED } from './work.ts';

/** Those that the other rows' checks amount to: before, after up, after down, after up again. */
const CHECKS: readonly PropertyId[] = ['applies', 'rollback-restores', 'reapply-converges', 'values-survive'];

interface Given {
  readonly name: string;
  readonly dialect: Dialect;
  readonly server: Server;
  readonly work: Work;
  readonly source: DatasetSource;
  readonly workers: number;
  readonly casesPerTurn: number;
  readonly scratch: string;
  readonly properties?: readonly PropertyId[];
}

/** A campaign on a server that runs already. Time is what the report says of the migration. */
export function palindromeRow(given: Given): Contender {
  const { name, casesPerTurn, scratch } = given;
  const folder = path.join(scratch, `store-${name.replaceAll(/\W+/g, '-')}`);
  let seed = 0;
  return {
    name,
    casesPerTurn,
    async turn(cases) {
      const report = await runCampaign(planOf(given, cases, folder, ++seed));
      const [measured] = report.sets.flatMap(({ migrations }) => migrations);
      if (measured === undefined || report.run.exitCode !== 0)
        throw new Error(
          `the campaign did not hold: ${measured?.results.map(({ property, reason }) => `${property}: ${reason}`).join('; ') ?? report.run.stoppedBecause}`,
        );
      return measured.durationMs / cases;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function planOf(given: Given, cases: number, folder: string, seed: number): CampaignPlan {
  const { dialect, server, work, source, workers, properties = CHECKS } = given;
  const session = { foreignKeys: true, functions: {} };
  const planned: PlannedSet = {
    set: work.set,
    dialect,
    source,
    invariants: [],
    conservations: [],
    preparations: [],
    queries: [],
    pagers: [],
    model: null,
    parityExceptions: [],
    baseline: null,
    cases,
    workers,
    limits: LIMITS,
    session,
    openCluster: () => dialect.openCluster(server, { ...session, keep: false }),
    providerReason: 'the benchmark started it',
    starting: null,
  };
  return {
    verb: 'verify',
    sets: [planned],
    properties: ALL_PROPERTIES,
    seed,
    only: MEASURED,
    propertyIds: properties,
    shard: null,
    signal: new AbortController().signal,
    kept: null,
    effort: 'explain',
    store: openStore(folder, 'store'),
    toolVersion: 'bench',
    emit: () => undefined,
  };
}
