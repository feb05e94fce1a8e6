/** An interruption in words: where it was, and what the tool does next. */
import type { StopPoint } from '../core/interruption.ts';
import type { Direction } from '../core/migration.ts';
import type { LedgerTiming, ToolModel } from '../core/tool.ts';
import type { ScriptOutcome } from '../core/trace.ts';

const INSIDE = {
  'waits-for-writers': 'while it waits for a transaction that writes to its table',
  'waits-for-snapshots': 'while it waits for an older transaction to end',
  'waits-for-lock': 'while it waits for a lock',
  commits: 'right after its commit',
} as const;

const STORAGE = {
  server: '',
  'rollback-journal': ', with a rollback journal',
  'write-ahead-log': ', with a write-ahead log',
  'torn-log': ', with half of the last frame of the write-ahead log lost',
  'shortened-log': ', with the last frame of the write-ahead log lost',
  'copy-in-the-middle': ', and a copy of its files goes on that was made while the script had them open',
  'copy-without-log': ', and the database file goes on without its write-ahead log, as a copy of it alone would',
} as const;

const HOW = {
  killed: '',
  cancelled: ' (cancelled, as by statement_timeout)',
  'server-crash': ' (the whole server crashes)',
} as const;

/** Completes "is interrupted …": `after statement 3 of 9`. */
export function describePoint({ after, inside, nth, how, storage }: StopPoint, statements: number): string {
  if (inside !== null) {
    const which = inside === 'commits' ? `${INSIDE[inside]} number ${nth}` : INSIDE[inside];
    return `inside statement ${after + 1} of ${statements}, ${which}${HOW[how]}`;
  }
  const where =
    after > statements
      ? `after the commit that follows statement ${statements}`
      : `after statement ${after} of ${statements}`;
  return `${where}${STORAGE[storage]}${HOW[how]}`;
}

/** What the tool's next run does, and how it ends. */
export function describeRerun(
  { name, refusal }: ToolModel,
  ledger: LedgerTiming,
  direction: Direction,
  outcome: ScriptOutcome,
): readonly string[] {
  const how =
    outcome.status === 'completed'
      ? 'completed'
      : outcome.status === 'failed'
        ? `failed: ${outcome.fault.message}`
        : `was cancelled after ${outcome.limitMs} ms`;
  const rerun = `${direction}, run again from its start, ${how}`;
  if (ledger !== 'around-script' || refusal === null) return [rerun];
  const command = direction === 'up' ? refusal.thenUp : refusal.thenDown;
  return [`${name} refuses, and changes nothing: ${refusal.says}`, `then ${command}: ${rerun}`];
}
