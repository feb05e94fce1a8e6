/**
 * Whole-dataset generators (`datasets` in the configuration): where rows only make sense together (the lots of a holding, the
 * allocations of a sale), one arbitrary builds them together, and the generic source fills everything around them.
 *
 * The folder turns what a user's arbitrary gives into cells that rows begin with (`given-rows.ts`), and works out again, in a dataset
 * that was reduced, what follows from the rows that are left (`settle.ts`). Its invariant is the source's: model, seed and index decide.
 */
import type { Arbitrary } from 'fast-check';
import type { SchemaModel } from '../../harness/core/schema.ts';

/**
 * One row by column name. Values as in `generators`: text (the column's own text form), bigint, a whole number up to 2^53, boolean, null,
 * a `Uint8Array`, a plain object (JSON). A column that is left out or undefined is generated, or left to its default.
 */
export type DatasetRow = Readonly<Record<string, unknown>>;

/**
 * Rows by table: `Investment`, `public.investments`, each part quoted or not, spelt as in the database. A table with an empty list stays
 * empty; a table that is not named is filled by the generic source.
 */
export type DatasetRows = Readonly<Record<string, readonly DatasetRow[]>>;

/** A generator of rows that belong together. */
export interface DatasetConfig {
  /** Its name in messages. */
  readonly id: string;
  /**
   * What builds the rows, or a function from the schema before the migration to it (null: nothing in this state). Tables and columns that
   * this state does not have are left out, so that one arbitrary serves every state of a set.
   */
  readonly rows: Arbitrary<DatasetRows> | ((schema: SchemaModel) => Arbitrary<DatasetRows> | null);
  /**
   * Works out what follows from other rows: sums, states, rows that make no sense on their own. It is applied to what `rows` gave, and to
   * every smaller dataset on the way to a counterexample (then with the rows of every table, cells as text), so that removing a lot also
   * corrects its holding. Pure, and `derive(derive(d)) = derive(d)`. Rows that it returns without a column lose that column's value.
   */
  readonly derive?: ((rows: DatasetRows, schema: SchemaModel) => DatasetRows) | undefined;
}
