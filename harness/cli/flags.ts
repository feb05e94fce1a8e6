import type { Flags } from '../config/settings.ts';

/** What commander gives for the flags of `program.ts`. Flags that were not typed are absent. */
export interface RawFlags extends Omit<Flags, 'statementMs' | 'scriptMs'> {
  readonly statementTimeout?: number | undefined;
  readonly scriptTimeout?: number | undefined;
  readonly debug?: boolean | undefined;
}

/** Flags under the names of the settings. */
export function readFlags({ statementTimeout, scriptTimeout, debug: _debug, ...same }: RawFlags): Flags {
  return { ...same, statementMs: statementTimeout, scriptMs: scriptTimeout };
}
