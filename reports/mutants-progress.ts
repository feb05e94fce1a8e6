/** How far a run over mutants is: a live line on a terminal, a plain line twice a minute elsewhere. */
import { cutTo, showDuration } from './fit.ts';
import type { ProgressOptions } from './progress.ts';
import { sanitize } from './sanitize.ts';

const LIVE_EVERY_MS = 100;
const PLAIN_EVERY_MS = 30_000;

interface MutantsProgressLine {
  readonly migration: string;
  readonly done: number;
  readonly total: number;
}

/** Starts watching. `clear` takes the live line away. */
export function makeMutantsProgress({ style, isLive, write, now }: ProgressOptions): {
  show(progress: MutantsProgressLine): void;
  clear(): void;
} {
  const startedAt = now();
  let lastDrawn = isLive ? -Infinity : startedAt;
  let isShown = false;
  return {
    show({ migration, done, total }) {
      const at = now();
      if (at - lastDrawn < (isLive ? LIVE_EVERY_MS : PLAIN_EVERY_MS)) return;
      lastDrawn = at;
      const { paint, glyphs, width } = style;
      const share = total === 0 ? 0 : done / total;
      const bar = Math.round(share * 16);
      const left = done < 3 ? '' : ` ${glyphs.dot} ${showDuration(((at - startedAt) / done) * (total - done))} left`;
      const words = cutTo(
        `${sanitize(migration)}  ${done} of ${total} mutants${left}`,
        Math.max(20, width - 24),
        glyphs.ellipsis,
      );
      const line = `${paint.cyan(glyphs.filled.repeat(bar))}${paint.dim(glyphs.empty.repeat(16 - bar))}${`${Math.floor(share * 100)}%`.padStart(4)}  ${words}`;
      if (isLive) {
        write(`\r\u001B[2K${line}`);
        isShown = true;
      } else write(`${line}\n`);
    },
    clear() {
      if (isShown) write('\r\u001B[2K');
      isShown = false;
    },
  };
}
