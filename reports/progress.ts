/** How far a run is: a live line on a terminal, a plain line twice a minute elsewhere. */
import type { CampaignEvent } from '../harness/core/events.ts';
import { cutTo, groupDigits, showDuration } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const LIVE_EVERY_MS = 100;
const PLAIN_EVERY_MS = 30_000;

export interface ProgressOptions {
  readonly style: Style;
  /** Whether lines can be redrawn. */
  readonly isLive: boolean;
  readonly write: (text: string) => void;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

export interface Progress {
  onEvent(event: CampaignEvent): void;
  /** Takes the live line away, so that something else can be written. */
  clear(): void;
}

/** Starts watching a run. Nothing is written until there is something to say. */
export function makeProgress({ style, isLive, write, now }: ProgressOptions): Progress {
  let startedAt = now();
  let lastDrawn = now();
  let isShown = false;
  let total = 0;
  let index = 0;
  let casesPlanned = 0;

  const clear = () => {
    if (isShown) write('\r\u001B[2K');
    isShown = false;
  };
  const draw = (event: Extract<CampaignEvent, { type: 'progress' }>) => {
    const at = now();
    if (at - lastDrawn < (isLive ? LIVE_EVERY_MS : PLAIN_EVERY_MS)) return;
    lastDrawn = at;
    const done = index * casesPlanned + event.casesDone;
    const line = describeProgress(event, { done, planned: total * casesPlanned, elapsedMs: at - startedAt }, style);
    if (isLive) {
      write(`\r\u001B[2K${line}`);
      isShown = true;
    } else write(`${line}\n`);
  };
  return {
    clear,
    onEvent(event) {
      if (event.type === 'run-started' && isLive) {
        write(style.paint.dim(`starting a server${style.glyphs.ellipsis}`));
        isShown = true;
      } else if (event.type === 'set-started') {
        startedAt = now();
        lastDrawn = isLive ? 0 : startedAt;
        total = event.set.migrations.length;
        casesPlanned = event.casesPerMigration ?? 0;
      } else if (event.type === 'migration-started') {
        ({ index, total } = event);
      } else if (event.type === 'progress') draw(event);
    },
  };
}

interface Pace {
  readonly done: number;
  readonly planned: number;
  readonly elapsedMs: number;
}

function describeProgress(
  { migration, phase, casesDone, casesPlanned, share: given }: Extract<CampaignEvent, { type: 'progress' }>,
  { done, planned, elapsedMs }: Pace,
  { paint, glyphs, width }: Style,
): string {
  const share = given ?? (planned === 0 ? 0 : Math.min(1, done / planned));
  const bar = Math.round(share * 16);
  const rate = elapsedMs < 500 ? null : (done / elapsedMs) * 1000;
  const left =
    given !== undefined || rate === null || rate === 0 || phase !== 'checking'
      ? null
      : (Math.max(0, planned - done) / rate) * 1000;
  const words = [
    phase === 'checking' ? `${casesDone} of ${groupDigits(casesPlanned)} cases` : `${phase} a failure`,
    ...(rate === null || given !== undefined ? [] : [`${groupDigits(Math.round(rate))}/s`]),
    ...(left === null ? [] : [`${showDuration(left)} left`]),
  ].join(` ${glyphs.dot} `);
  const text = cutTo(`${sanitize(migration)}  ${words}`, Math.max(20, width - 24), glyphs.ellipsis);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${paint.cyan(glyphs.filled.repeat(bar))}${paint.dim(glyphs.empty.repeat(16 - bar))}${percent}  ${text}`;
}
