/** The process's streams as the verbs see them. Results go to `out`, everything else to `err`. */
import { makeStyle } from '../../reports/style.ts';
import type { Style } from '../../reports/style.ts';

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isOutTty: boolean;
  readonly isErrTty: boolean;
  /** Asks a person on the terminal; null where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Columns of the terminal; null where there is none. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Set when the process was asked to stop. */
  readonly signal: AbortSignal;
  readonly toolVersion: string;
}

/** Lines are this long where no terminal says otherwise. */
const PLAIN_WIDTH = 100;

/** How results may look on standard output. `color` is what a flag or the configuration says; null: decide by the terminal. */
export function styleFor(io: Io, color: boolean | null): Style {
  return makeStyle({
    width: io.columns ?? PLAIN_WIDTH,
    color: color ?? wantsColor(io),
    unicode: canUnicode(io.env),
  });
}

/** Whether a line can be redrawn on standard error: a terminal, and not the log of a CI job. */
export function canRedraw({ isErrTty, env }: Io): boolean {
  return isErrTty && env['TERM'] !== 'dumb' && !isSet(env['CI']);
}

function wantsColor({ env, isOutTty }: Io): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0';
  return isOutTty && env['TERM'] !== 'dumb';
}

function canUnicode(env: Io['env']): boolean {
  if (env['TERM'] === 'linux') return false;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet);
  return locale === undefined || /utf-?8/iu.test(locale);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
