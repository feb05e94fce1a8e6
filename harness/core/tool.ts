/**
 * What a migration tool remembers of a script, and what its next run does after it died inside one.
 */
import type { Direction, Script } from './migration.ts';

/**
 * When the tool's ledger learns of a script:
 * - `none`: there is no ledger; a person runs the script again.
 * - `with-script`: in the script's own transaction, so that both are there or neither is.
 * - `after-script`: in a transaction that follows; a crash between the two leaves a finished script unrecorded.
 * - `around-script`: an entry that says "unfinished" is committed first and cleared last. While it stands the tool refuses to run anything.
 */
export type LedgerTiming = 'none' | 'with-script' | 'after-script' | 'around-script';

export interface ToolModel {
  /** As people call it; `a person with the shell` where there is none. */
  readonly name: string;
  /** For scripts in one transaction of the tool's (`wrapped`), and for all others. */
  readonly ledger: { readonly wrapped: LedgerTiming; readonly other: LedgerTiming };
  /** False: downs are run by hand, and no ledger knows of them. */
  readonly runsDowns: boolean;
  /** Of a tool that refuses: what it says, and what a person types so that the script runs again from its start. */
  readonly refusal: { readonly says: string; readonly thenUp: string; readonly thenDown: string } | null;
}

/** When the tool's ledger learns of this script. */
export function ledgerTimingOf(
  { ledger, runsDowns }: ToolModel,
  { transaction }: Pick<Script, 'transaction'>,
  direction: Direction,
): LedgerTiming {
  if (direction === 'down' && !runsDowns) return 'none';
  return transaction === 'wrapped' ? ledger.wrapped : ledger.other;
}
