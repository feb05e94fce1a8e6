/**
 * Telling the run's own clock from data: the one place where a stored time is read as one.
 */
import type { Cell } from './dataset.ts';

/** The span in which a stored time is taken for a reading of the clock during this run. */
export interface ClockWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const CLOCK_SLACK_MS = 2_000;
const ISO_TIME = /^'?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|[+-]00(?::?00)?)?'?$/;
const EPOCH = /^'?(\d{10}|\d{13})(?:\.\d+)?'?$/;

/** The window for judging now: everything since the run started. */
export function clockWindowSince(runStartedMs: number): ClockWindow {
  return { fromMs: runStartedMs - CLOCK_SLACK_MS, toMs: Date.now() + CLOCK_SLACK_MS };
}

/** Whether a cell holds a time within the window: as ISO text in UTC, or as seconds or milliseconds since 1970. */
export function isClockReading(cell: Cell, window: ClockWindow): boolean {
  if (cell === null) return false;
  const iso = ISO_TIME.exec(cell);
  if (iso !== null) return isWithin(Date.parse(`${iso[1]}T${iso[2]}Z`), window);
  const epoch = EPOCH.exec(cell)?.[1];
  if (epoch === undefined) return false;
  return isWithin(Number(epoch) * (epoch.length === 10 ? 1_000 : 1), window);
}

function isWithin(ms: number, window: ClockWindow): boolean {
  return ms >= window.fromMs - 1_000 && ms <= window.toMs;
}
