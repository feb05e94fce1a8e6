/**
 * A migration that is known to be wrong, judged in each round beside the real ones: while it is not falsified, no other verdict is worth anything.
 */
import { NO_DECLARATIONS } from '../../core/declarations.ts';
import type { Cluster, Template } from '../../core/dialect.ts';
import { deriveSeed, sha256 } from '../../core/hash.ts';
import type { Migration, Script } from '../../core/migration.ts';
import type { Property } from '../../core/property.ts';
import { describeState } from '../describe-state.ts';
import { judgeTraces } from '../judge.ts';
import type { PlannedSet } from '../plan.ts';
import { makeCaseRunner } from '../run-case.ts';
import { contextOf, type Subject } from '../subject.ts';
import { openWorkbench } from '../workbench.ts';

/** Cases in which it must be falsified: it shows in each that has a value in the column that is lost. */
const MOST_CASES = 8;

/** Judges the canary on one cluster. */
export interface Canary extends AsyncDisposable {
  /** Whether it was falsified, by cases drawn from the seed. Null: the run was stopped before it was. */
  sing(seed: number, signal: AbortSignal): Promise<boolean | null>;
}

const BASE = 'CREATE TABLE palindrome_canary (id integer PRIMARY KEY, kept text NOT NULL, lost text);\n';
const UP = 'ALTER TABLE palindrome_canary DROP COLUMN lost;\n';
const DOWN = 'ALTER TABLE palindrome_canary ADD COLUMN lost text;\n';

/** Makes the canary's table on a cluster. `property` must find that a rollback loses data. */
export async function openCanary(planned: PlannedSet, cluster: Cluster, property: Property): Promise<Canary> {
  const base = makeMigration('0001', 'base', BASE, 'DROP TABLE palindrome_canary;\n');
  const migration = makeMigration('0002', 'loses_a_column', UP, DOWN);
  const set = { ...planned.set, name: 'palindrome-canary', path: 'palindrome-canary', migrations: [base, migration] };
  const alone: PlannedSet = {
    ...planned,
    set,
    invariants: [],
    conservations: [],
    preparations: [],
    queries: [],
    model: null,
    baseline: null,
    starting: null,
  };
  const template = await makeTemplate(cluster, alone, base);
  return {
    async sing(seed, signal) {
      await using bench = openWorkbench(cluster, template);
      const { model, schemaFingerprint } = await describeState(bench, 1, template);
      const setting = { planned: alone, migration, index: 1, model, bench, properties: [property] };
      const mentioned = new Set(planned.dialect.mentionedTables(migration.up, model));
      const subject: Subject = { ...setting, mentioned, schemaFingerprint, runCase: makeCaseRunner(setting) };
      const context = contextOf(subject, new Set(), Date.now());
      for (let index = 0; index < MOST_CASES; index++) {
        if (signal.aborted) return null;
        const request = { model, seed: deriveSeed(seed, 'canary'), index, focus: null, literals: [] };
        const dataset = planned.source.generate(request);
        const run = await subject.runCase(dataset, { until: property.needs, isolated: false });
        if (judgeTraces(property, run.traces, context).status === 'falsified') return true;
      }
      return false;
    },
    async [Symbol.asyncDispose]() {
      await template[Symbol.asyncDispose]();
    },
  };
}

async function makeTemplate(cluster: Cluster, { limits }: PlannedSet, base: Migration): Promise<Template> {
  const database = await cluster.create();
  const outcome = await database.execute(base.up, limits);
  if (outcome.status !== 'completed') throw new TypeError('the canary has no table');
  return cluster.freeze(database, sha256(base.up.text));
}

function makeMigration(id: string, name: string, up: string, down: string): Migration {
  return {
    id,
    name: `${id}_${name}`,
    up: makeScript(`${id}_${name}.up.sql`, up),
    down: makeScript(`${id}_${name}.down.sql`, down),
    declarations: NO_DECLARATIONS,
  };
}

function makeScript(file: string, text: string): Script {
  return { file, text, sha256: sha256(text), transaction: 'autocommit', chunks: [{ text, offset: 0 }] };
}
