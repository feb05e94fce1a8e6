/** Replaying stored cases: each against its set as it is today, sets opened once, everything that was opened closed again. */
import type { KeptDatabase, PlannedSet } from '../campaign/plan.ts';
import type { Replayed, Replayer } from '../campaign/replay.ts';
import { resolveSettings } from '../config/settings.ts';
import type { Flags } from '../config/settings.ts';
import type { Counterexample } from '../core/counterexample.ts';
import { messageOf, PalindromeError } from '../core/errors.ts';
import { readSets } from './read-sets.ts';
import { openServerPool, type ServerPool } from './server-pool.ts';

/** Where paths of counterexamples are relative to, and what decides how they run. */
export interface ReplaySetting {
  readonly flags: Flags;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface OneReplay extends ReplaySetting {
  readonly example: Counterexample;
  readonly kept: KeptDatabase | null;
  /** Told where it runs, before it does. */
  readonly onPlanned: (planned: PlannedSet) => void;
  readonly narrate: (line: string) => void;
}

/** Replays one. Throws `PalindromeError` where its set cannot be read, or nothing could be run. */
export async function replayOne(request: OneReplay): Promise<Replayed> {
  const { example, kept, narrate } = request;
  await using pool = openServerPool();
  const planned = await planFor(example, request, pool);
  request.onPlanned(planned);
  await using replayer = await openFor(planned);
  return await replayer.replay({ example, kept, narrate });
}

export interface ManyReplays extends ReplaySetting {
  readonly examples: readonly Counterexample[];
  /** Told of each as it ends. */
  readonly onReplayed: (example: Counterexample, replayed: Replayed) => void;
}

/**
 * Replays many, set by set. What goes wrong with one, its set or its database included, is that one's outcome (`error`), never the end of the others.
 * Stops after the current one where the signal is aborted: those that were not replayed are not told.
 */
export async function replayMany(request: ManyReplays): Promise<void> {
  const { examples, signal, onReplayed } = request;
  const groups = new Map<string, Counterexample[]>();
  for (const example of examples) {
    const key = keyOfSet(example);
    groups.set(key, [...(groups.get(key) ?? []), example]);
  }
  await using pool = openServerPool();
  // Every place in a server's line is taken before the first one is given up: the server stays up from set to set.
  const planned: { readonly set: PlannedSet | null; readonly fault: string; readonly group: Counterexample[] }[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    try {
      planned.push({ set: await planFor(first, request, pool), fault: '', group });
    } catch (thrown) {
      planned.push({ set: null, fault: messageOf(thrown), group });
    }
  }
  for (const { set, fault, group } of planned) {
    if (set === null) for (const example of group) onReplayed(example, failed(fault));
    else await replayGroup(set, group, signal, onReplayed);
  }
}

async function replayGroup(
  planned: PlannedSet,
  group: readonly Counterexample[],
  signal: AbortSignal,
  onReplayed: ManyReplays['onReplayed'],
): Promise<void> {
  await using replayer = await openFor(planned);
  let lost: string | null = null;
  // Those of one schema state stand together.
  for (const example of group.toSorted((a, b) => a.before.length - b.before.length)) {
    if (signal.aborted) return;
    if (lost === null)
      try {
        onReplayed(example, await replayer.replay({ example, kept: null, narrate: () => undefined }));
      } catch (thrown) {
        lost =
          thrown instanceof PalindromeError && thrown.hint !== undefined
            ? `${thrown.message} (${thrown.hint})`
            : messageOf(thrown);
        onReplayed(example, failed(lost));
      }
    else onReplayed(example, failed(lost));
  }
}

function failed(reason: string): Replayed {
  return { outcome: { status: 'error', reason }, repro: null };
}

/** Starts nothing yet. */
export async function openFor(planned: PlannedSet): Promise<Replayer> {
  const [{ openReplayer }, { ALL_PROPERTIES }] = await Promise.all([
    import('../campaign/replay.ts'),
    import('../../properties/catalogue.ts'),
  ]);
  return openReplayer(planned, ALL_PROPERTIES);
}

/** The set of a counterexample, read as it was when it was recorded. Throws as `verify` does where that cannot be. */
export async function planFor(example: Counterexample, setting: ReplaySetting, pool: ServerPool): Promise<PlannedSet> {
  const { cwd, env } = setting;
  const flags = asRecorded(setting.flags, example);
  const settings = await resolveSettings({ paths: [example.set.path], flags, cwd, env });
  const sets = await readSets(settings.sets, env);
  const { planSets } = await import('./plan-sets.ts');
  const [planned] = await planSets(sets, pool);
  if (planned === undefined) throw new Error('a counterexample names exactly one set');
  return planned;
}

/** What was recorded holds unless a flag says otherwise: layout, dialect, and the server's major version. */
function asRecorded(flags: Flags, example: Counterexample): Flags {
  const { set } = example;
  const major = majorOf(example);
  const recorded = major !== null && flags.image === undefined ? [major] : undefined;
  return {
    ...flags,
    dialect: flags.dialect ?? set.dialect,
    layout: flags.layout ?? set.layout,
    postgres: flags.postgres ?? recorded,
  };
}

function majorOf({ set, engine }: Counterexample): string | null {
  return set.dialect === 'postgres' ? (/^\d+/u.exec(engine.version)?.[0] ?? null) : null;
}

function keyOfSet(example: Counterexample): string {
  const { path, layout, dialect } = example.set;
  return JSON.stringify([path, layout, dialect, majorOf(example)]);
}
