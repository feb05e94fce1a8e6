/** What databases and their cluster know of each other. */
import type { Database, Template } from '../../core/dialect.ts';
import type { Script } from '../../core/migration.ts';
import type { EngineProcess } from './engine-process.ts';

/** A frozen database: its bytes, or a file that nobody writes to. */
export interface SqliteTemplate extends Template {
  readonly bytes: Buffer | null;
  readonly file: string | null;
}

/** What a database needs from its cluster. */
export interface Lender {
  /** An engine process that is set up and has no database. */
  borrow(): Promise<EngineProcess>;
  /** Gives a process back, without a database. */
  giveBack(engine: EngineProcess): Promise<void>;
  /** The same number for the same script. */
  scriptId(script: Script): number;
  forget(database: Database): void;
}
