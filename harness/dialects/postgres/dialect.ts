/**
 * PostgreSQL, 14 to 18: everything that speaks its SQL and its protocol.
 *
 * Purpose: run other people's migrations exactly as their tools would, and say exactly what is in a database before and after.
 * Scripts run in a session that is as good as new each time (`script-session.ts`), in the transaction that the layout's tool uses
 * (`execute.ts`); looking happens in a session of its own under fixed settings (`capture.ts`). Databases are clones of frozen ones
 * (`cluster.ts`) or the same one brought back provably (`reset.ts`).
 *
 * It imports core alone; `pg` and `libpg-query` appear nowhere else. Its one invariant: a value is text from the server to the
 * report, never a JavaScript number or Date.
 */
import type { Dialect } from '../../core/dialect.ts';
import { openPostgresCluster } from './cluster.ts';
import { renderFilling } from './fill.ts';
import { loadGrammar } from './grammar.ts';
import { findMentionedTables } from './mentions.ts';
import { openPostgresSource } from './open-source.ts';
import { cellSql } from './load-sql.ts';
import { planStops } from './plan-stops.ts';
import { quoteIdentifier } from './quote.ts';
import { reachesBeyondDatabase } from './reach.ts';
import { renderPsqlRepro, renderRows } from './repro.ts';
import { findRequirements } from './requirements.ts';
import { splitScript } from './split.ts';
import { tokenizeSql } from './tokens.ts';

/** The PostgreSQL dialect. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  split: splitScript,
  tokenize: tokenizeSql,
  planStops,
  requirements: async (scripts) => {
    await loadGrammar();
    return findRequirements(scripts);
  },
  mentionedTables: findMentionedTables,
  reachesBeyondDatabase,
  openCluster: async (server, options) => {
    if (server.dialect !== 'postgres') throw new TypeError('the PostgreSQL dialect needs a PostgreSQL server');
    return openPostgresCluster(server, options);
  },
  openSource: openPostgresSource,
  renderRepro: renderPsqlRepro,
  renderFilling,
  renderAnalyze: (table) => `ANALYZE ${table};`,
  renderRows,
  quoteIdentifier,
  renderCell: cellSql,
};
