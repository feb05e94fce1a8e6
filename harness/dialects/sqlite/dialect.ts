/**
 * SQLite. The files here come in two halves that meet in `protocol.ts`:
 *
 * - the harness's side (`dialect`, `cluster`, `database`, `engine-process`) knows databases and templates, and sends operations;
 * - the engine process (`engine-main`, `engine` and what they use) holds one database in SQLite and answers.
 *
 * The process boundary is there because a running statement cannot be stopped from inside: it blocks its thread, and ending a
 * worker thread waits for it. A process can be killed, so a migration that never ends is reported and the run goes on.
 * Besides core, only better-sqlite3 is imported. Invariant: a value never leaves the database but as the text of its literal.
 */
import type { Dialect } from '../../core/dialect.ts';
import { openSqliteCluster } from './cluster.ts';
import { renderFilling } from './fill.ts';
import { openSqliteSource } from './open-source.ts';
import { planStops } from './plan-stops.ts';
import { quoteIdentifier } from './quote.ts';
import { reachesBeyondDatabase } from './reach.ts';
import { renderRows, renderSqliteRepro } from './repro.ts';
import { NO_REQUIREMENTS, findMentionedTables } from './requirements.ts';
import { splitScript } from './split.ts';
import { sqlTokens } from './tokens.ts';

/** The SQLite dialect: SQLite 3.53 as better-sqlite3 builds it. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  split: async (script) => splitScript(script),
  tokenize: async (text) => sqlTokens(text),
  planStops,
  requirements: async () => NO_REQUIREMENTS,
  mentionedTables: findMentionedTables,
  reachesBeyondDatabase,
  openCluster: openSqliteCluster,
  openSource: openSqliteSource,
  renderRepro: renderSqliteRepro,
  renderFilling,
  renderAnalyze: (table) => `ANALYZE main.${table};`,
  renderRows: (dataset) => renderRows(dataset),
  quoteIdentifier,
  renderCell: (cell) => cell ?? 'NULL',
};
