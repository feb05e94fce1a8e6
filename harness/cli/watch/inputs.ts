/** What a round of a watch judges, as it lies on the disk now. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Since } from '../../campaign/since.ts';
import { printOf } from '../../campaign/warm.ts';
import { resolveSettings, type Settings } from '../../config/settings.ts';
import { sha256 } from '../../core/hash.ts';
import { narrow } from '../narrow.ts';
import { type ReadSet, readSets, requireMatch } from '../read-sets.ts';
import type { Flags } from '../../config/settings.ts';
import type { Io } from '../io.ts';

export interface Inputs {
  readonly settings: Settings;
  readonly sets: readonly ReadSet[];
  readonly since: Since | null;
  /** The scripts and declarations of each migration, by set and name. */
  readonly migrations: ReadonlyMap<string, string>;
  /** Of the files beside the migrations: configurations, declared models, baselines. */
  readonly beside: string;
  /** What to watch: absolute. */
  readonly paths: readonly string[];
}

/** Reads everything. Throws as `verify` does where something is wrong with it. */
export async function readInputs(paths: readonly string[], flags: Flags, io: Pick<Io, 'cwd' | 'env'>): Promise<Inputs> {
  const settings = await resolveSettings({ paths, flags, cwd: io.cwd, env: io.env });
  const read = await readSets(settings.sets, io.env);
  requireMatch(settings.run.only, read);
  const { sets, since } = await narrow(read, settings.run.since);
  const files = [...new Set(settings.sets.flatMap(filesBeside))].toSorted();
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => null)));
  return {
    settings,
    sets,
    since,
    migrations: new Map(
      read.flatMap(({ set }) =>
        set.migrations.map((migration) => [keyOf(set.path, migration.name), printOf(migration)]),
      ),
    ),
    beside: sha256(JSON.stringify([files, texts])),
    paths: [...settings.sets.map(({ folder }) => folder), ...files],
  };
}

/** A migration among those of all sets. */
export function keyOf(set: string, name: string): string {
  return JSON.stringify([set, name]);
}

/** The same text: nothing that a round could see was changed. */
export function signatureOf({ migrations, beside }: Inputs): string {
  return JSON.stringify([[...migrations], beside]);
}

function filesBeside({ source, config, baseline }: Settings['sets'][number]): readonly string[] {
  const models = Object.values(config.model ?? {}).filter((file) => file !== undefined);
  return [
    ...(source === null ? [] : [source.file, ...models.map((file) => path.resolve(path.dirname(source.file), file))]),
    baseline.file,
  ];
}
