/**
 * Joining the reports of shards into the one that a single run would have written, durations aside. Nothing is judged here: what does
 * not fit together is refused.
 */
import { PalindromeError } from '../core/errors.ts';
import type {
  GenerationSummary,
  Report,
  ReportBaseline,
  ReportDataset,
  ReportFuzz,
  ReportMigration,
  ReportSet,
  ReportWaiver,
} from '../core/report.ts';
import { readShard, SHARD_LIMIT, showShard, type Shard } from '../core/shard.ts';
import { compareText } from '../core/text.ts';
import { exitCodeOf, type StopReason } from './exit-code.ts';
import { ratesOf } from './generation.ts';

/** A report and where it is from, for messages. */
export interface ShardReport {
  readonly shownAs: string;
  readonly report: Report;
}

/**
 * Joins the reports of all shards of one run. Throws `PalindromeError` `reports-differ` where they are of different runs, and
 * `shards-missing` where not every shard is there exactly once.
 */
export function mergeReports(given: readonly ShardReport[]): Report {
  const shards = given.map(({ shownAs, report }) => ({ shownAs, report, shard: shardOf(shownAs, report) }));
  const [first] = shards;
  if (first === undefined) throw new PalindromeError('shards-missing', 'No report was given.');
  for (const other of shards) requireSameRun(first, other);
  requireAll(shards);
  const reports = shards.toSorted((a, b) => a.shard.number - b.shard.number).map(({ report }) => report);
  const sets = mergeSets(reports);
  const stopped = reports.find(({ run }) => run.stoppedBecause !== 'finished')?.run ?? null;
  const reason: StopReason =
    stopped === null ? 'finished' : stopped.exitCode === 130 ? 'interrupted' : { failure: stopped.stoppedBecause };
  // What each shard stands beside is its own earlier run, and says nothing of the whole.
  const { comparison: _comparison, fuzz: _fuzz, ...whole } = first.report;
  const fuzz = mergeFuzz(reports.flatMap((report) => report.fuzz ?? []));
  return {
    ...whole,
    ...(fuzz === null ? {} : { fuzz }),
    run: {
      ...first.report.run,
      exitCode: exitCodeOf(sets, reason),
      durationMs: Math.max(...reports.map(({ run }) => run.durationMs)),
      stoppedBecause: stopped?.stoppedBecause ?? 'finished',
      shard: null,
    },
    sets,
    limits: [...new Set(reports.flatMap(({ limits }) => limits))].filter((limit) => !limit.startsWith(SHARD_LIMIT)),
  };
}

function shardOf(shownAs: string, { run }: Report): Shard {
  const shard = run.shard === null ? null : readShard(run.shard);
  if (shard !== null) return shard;
  throw new PalindromeError('reports-differ', `${shownAs} is the report of a whole run, not of a shard.`, {
    hint: 'merge-reports joins reports of runs with --shard 1/n to --shard n/n.',
  });
}

function requireSameRun(first: ShardReport & { shard: Shard }, other: ShardReport & { shard: Shard }): void {
  const facts = ({ report, shard }: ShardReport & { shard: Shard }): readonly (readonly [string, string])[] => [
    ['version', report.tool.version],
    ['verb', report.run.verb],
    ['seed', String(report.run.seed)],
    ['number of shards', String(shard.of)],
  ];
  const theirs = facts(other);
  for (const [at, [name, value]] of facts(first).entries()) {
    const [, found] = theirs[at] ?? ['', ''];
    if (found === value) continue;
    throw new PalindromeError(
      'reports-differ',
      `${first.shownAs} and ${other.shownAs} are not of one run: their ${name} is ${value} and ${found}.`,
      { hint: 'Give every shard the same --seed and flags.' },
    );
  }
}

function requireAll(shards: readonly (ShardReport & { shard: Shard })[]): void {
  const of = shards[0]?.shard.of ?? 0;
  const seen = new Map<number, string>();
  for (const { shard, shownAs } of shards) {
    const twin = seen.get(shard.number);
    if (twin !== undefined)
      throw new PalindromeError('reports-differ', `${twin} and ${shownAs} are both shard ${showShard(shard)}.`);
    seen.set(shard.number, shownAs);
  }
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((number) => !seen.has(number));
  if (missing.length === 0) return;
  const names = missing.map((number) => `${number}/${of}`).join(', ');
  throw new PalindromeError('shards-missing', `The report of shard ${names} was not given.`, {
    hint: 'A run is judged by all of its shards: give every report.',
  });
}

/** Sets in the order in which any of the reports has them; a set on two versions is two sets. */
function mergeSets(reports: readonly Report[]): readonly ReportSet[] {
  const byKey = new Map<string, ReportSet[]>();
  for (const set of reports.flatMap(({ sets }) => sets)) {
    const key = keyOf(set);
    byKey.set(key, [...(byKey.get(key) ?? []), set]);
  }
  const order = orderOf(reports.map(({ sets }) => sets.map(keyOf)));
  return order.flatMap((key) => mergeSet(byKey.get(key) ?? []));
}

function keyOf({ path, engineVersion }: ReportSet): string {
  return JSON.stringify([path, engineVersion]);
}

/** One order that agrees with several, each a part of the whole; ties by the first that has it. */
function orderOf(lists: readonly (readonly string[])[]): readonly string[] {
  const order: string[] = [];
  const rest = lists.map((list) => [...list]);
  while (rest.some((list) => list.length > 0)) {
    const heads = rest.flatMap(([head]) => (head === undefined ? [] : [head]));
    const next = heads.find((head) => rest.every((list) => list.indexOf(head) <= 0)) ?? heads[0];
    if (next === undefined) break;
    order.push(next);
    for (const list of rest) if (list[0] === next) list.shift();
  }
  return order;
}

function mergeSet(parts: readonly ReportSet[]): readonly ReportSet[] {
  const [first] = parts;
  if (first === undefined) return [];
  return [
    {
      ...first,
      notes: [...new Set(parts.flatMap(({ notes }) => notes))],
      migrations: mergeMigrations(parts),
      generation: mergeGeneration(parts.map(({ generation }) => generation)),
      dataset: mergeDataset(parts.map(({ dataset }) => dataset)),
      waivers: mergeWaivers(parts.map(({ waivers }) => waivers)),
      baseline: mergeBaselines(parts.map(({ baseline }) => baseline)),
    },
  ];
}

/** Rounds run side by side: the campaign has as many as the longest of its parts, and each a canary of its own. */
function mergeFuzz(parts: readonly ReportFuzz[]): ReportFuzz | null {
  const [first] = parts;
  if (first === undefined) return null;
  const most = (pick: (part: ReportFuzz) => number): number => Math.max(...parts.map(pick));
  const sum = (pick: (part: ReportFuzz) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  return {
    budget: first.budget,
    rounds: most(({ rounds }) => rounds),
    cases: sum(({ cases }) => cases),
    resumed: most(({ resumed }) => resumed),
    spentMs: {
      generating: sum(({ spentMs }) => spentMs.generating),
      loading: sum(({ spentMs }) => spentMs.loading),
      migrating: sum(({ spentMs }) => spentMs.migrating),
      checking: sum(({ spentMs }) => spentMs.checking),
    },
    canary: {
      judged: most(({ canary }) => canary.judged),
      falsified: most(({ canary }) => canary.falsified),
    },
  };
}

function mergeMigrations(parts: readonly ReportSet[]): readonly ReportMigration[] {
  const all = new Map(parts.flatMap(({ migrations }) => migrations).map((each) => [each.name, each]));
  return [...all.values()].toSorted((a, b) => a.position - b.position);
}

function mergeGeneration(parts: readonly GenerationSummary[]): GenerationSummary {
  const sum = (pick: (part: GenerationSummary) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  const tables = new Map<string, { table: string; proposed: number; hadRows: boolean }>();
  for (const { table, proposed, hadRows } of parts.flatMap((part) => part.tables)) {
    const known = tables.get(table);
    tables.set(table, {
      table,
      proposed: (known?.proposed ?? 0) + proposed,
      hadRows: (known?.hadRows ?? false) || hadRows,
    });
  }
  const refused = new Map<string, { table: string; constraint: string; refused: number }>();
  for (const { table, constraint, refused: rows } of parts.flatMap(({ refusals }) => refusals)) {
    const key = JSON.stringify([table, constraint]);
    refused.set(key, { table, constraint, refused: (refused.get(key)?.refused ?? 0) + rows });
  }
  const proposedByTable = new Map([...tables.values()].map(({ table, proposed }) => [table, proposed]));
  const empty = new Map(parts.flatMap(({ emptyTables }) => emptyTables).map((entry) => [entry.table, entry]));
  return {
    proposedRows: sum(({ proposedRows }) => proposedRows),
    refusedRows: sum(({ refusedRows }) => refusedRows),
    tables: [...tables.values()].toSorted((a, b) => compareText(a.table, b.table)),
    refusals: ratesOf([...refused.values()], proposedByTable),
    emptyTables: [...empty.values()]
      .filter(({ table }) => tables.get(table)?.hadRows !== true)
      .toSorted((a, b) => compareText(a.table, b.table)),
  };
}

function mergeDataset(parts: readonly (ReportDataset | null)[]): ReportDataset | null {
  return parts.find((part) => part !== null) ?? null;
}

/** A waiver that one shard could decide is decided. */
function mergeWaivers(parts: readonly (readonly ReportWaiver[])[]): readonly ReportWaiver[] {
  const [first = [], ...others] = parts;
  return first.map((waiver, at) => {
    if (waiver.status !== 'open') return waiver;
    return others.map((list) => list[at]).find((twin) => twin !== undefined && twin.status !== 'open') ?? waiver;
  });
}

function mergeBaselines(parts: readonly (ReportBaseline | null)[]): ReportBaseline | null {
  const given = parts.filter((part) => part !== null);
  const [first] = given;
  if (first === undefined) return null;
  const known = given.reduce((total, part) => total + part.known, 0);
  const fixed = new Map(given.flatMap((part) => part.fixed).map((entry) => [JSON.stringify(entry), entry]));
  const all = first.known + first.fixed.length + first.open;
  return { file: first.file, known, fixed: [...fixed.values()], open: all - known - fixed.size };
}
