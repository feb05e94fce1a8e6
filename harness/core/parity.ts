/**
 * What `schema-parity` compares the migrated database with.
 */
import type { Catalog } from './catalog.ts';

export type ModelSource = 'sql' | 'drizzle' | 'prisma';

/** A difference that is meant. */
export interface ParityException {
  /** An object as reports name it (`index public.orders_open_idx`), or a glob over such. */
  readonly object: string;
  readonly reason: string;
}

export interface DeclaredModel {
  readonly source: ModelSource;
  /** As shown to people. */
  readonly file: string;
  /** Of a database that the model alone built. */
  readonly catalog: Catalog;
}

export interface ParityContext {
  /** The catalog after the migration on a database that has no rows but those of the scripts: a fresh install. */
  readonly fresh: Catalog;
  /** Only after the last migration, where the set has one. */
  readonly model: DeclaredModel | null;
  readonly exceptions: readonly ParityException[];
}
