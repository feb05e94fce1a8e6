/**
 * What a migration's author declares about it: permitted losses, refusals, preconditions and claims.
 * Declarations come from `declare` in the configuration and from `-- palindrome:` comments in the scripts.
 */

import type { WaiverDeclaration } from './acceptance.ts';

/** Values of `column` may change or vanish in rows for which `where` holds in the state before the migration. */
export interface LossDeclaration {
  /** `table.column`, quoted where needed; `table.*` for whole rows. */
  readonly column: string;
  /** A SQL condition over the table's row as it stands before U; `true` for every row. */
  readonly where: string;
  readonly reason: string;
}

/** A query that returns the rows of the state before U for which U may refuse to run. */
interface PreconditionDeclaration {
  readonly sql: string;
  readonly reason: string;
}

/** After U, `column` holds the value of `as`, evaluated on the row as it stood before U. */
interface MapDeclaration {
  readonly column: string;
  readonly as: string;
  readonly reason?: string | undefined;
}

export interface Declarations {
  readonly lossy: readonly LossDeclaration[];
  /** D must refuse, leaving everything as it is. */
  readonly irreversible: { readonly reason: string } | null;
  readonly preconditions: readonly PreconditionDeclaration[];
  readonly maps: readonly MapDeclaration[];
  /** Tables (or `*`) in which U may add or remove rows. */
  readonly rowChanges: readonly { readonly table: string; readonly reason: string }[];
  readonly claims: readonly 'idempotent'[];
  /** Overrides what a second run must do: `refuse` unchanged or be `idempotent`. Without it the layout decides. */
  readonly rerun: 'refuse' | 'idempotent' | null;
  /** Properties not judged for this migration, each with its reason; reported as `inapplicable`. */
  readonly ignore: readonly { readonly property: string; readonly reason: string }[];
  /** Failures that do not fail the build until a day. */
  readonly waivers: readonly WaiverDeclaration[];
}

export const NO_DECLARATIONS: Declarations = {
  lossy: [],
  irreversible: null,
  preconditions: [],
  maps: [],
  rowChanges: [],
  claims: [],
  rerun: null,
  ignore: [],
  waivers: [],
};

/** Joins two sources of declarations; where only one value can stand, `over` wins. */
export function mergeDeclarations(base: Declarations, over: Partial<Declarations>): Declarations {
  return {
    lossy: [...base.lossy, ...(over.lossy ?? [])],
    irreversible: over.irreversible ?? base.irreversible,
    preconditions: [...base.preconditions, ...(over.preconditions ?? [])],
    maps: [...base.maps, ...(over.maps ?? [])],
    rowChanges: [...base.rowChanges, ...(over.rowChanges ?? [])],
    claims: [...new Set([...base.claims, ...(over.claims ?? [])])],
    rerun: over.rerun ?? base.rerun,
    ignore: [...base.ignore, ...(over.ignore ?? [])],
    waivers: [...base.waivers, ...(over.waivers ?? [])],
  };
}
