/** How a column of a starting dataset is masked, as a configuration says it and a report repeats it. */

/** Rules that are one word. */
export const MASK_KINDS = [
  'keep',
  'null',
  'hash',
  'format',
  'text',
  'name',
  'first-name',
  'last-name',
  'username',
  'email',
  'phone',
  'address',
  'city',
  'company',
  'url',
  'ip',
  'iban',
  'uuid',
  'json',
  'shift',
  'scramble',
  'shuffle',
] as const;
type MaskKind = (typeof MASK_KINDS)[number];

export type MaskRule =
  | MaskKind
  /** Every value becomes this text; NULL stays NULL. */
  | { readonly kind: 'constant'; readonly value: string }
  /** Moments of rows with the same value in `per`, a column of the same table, move together, and others by other times. */
  | { readonly kind: 'shift'; readonly per: string }
  /** Numbers of a group are multiplied by one whole factor, so sums, order and equality stay exact. Without `factor` the salt decides, from 3 to 19. */
  | { readonly kind: 'scale'; readonly group?: string | undefined; readonly factor?: number | undefined };

/** What a configuration says about masking. */
export interface MaskConfig {
  /** By `table.column`, `table.*`, `*.column` or `*`, the most exact of which counts. */
  readonly rules?: Readonly<Record<string, MaskRule>> | undefined;
  /** At least 16 characters. Without it each run draws one, and the next run masks differently. */
  readonly salt?: string | undefined;
}

/** Rows of one table beyond which a case would take too long to reduce. */
export const MOST_DATASET_ROWS = 100_000;
