/** A program that opens a database, starts the SQL of its argument, says so, and waits to be killed. */
import type { Cluster } from '../../../harness/core/dialect.ts';
import type { Script } from '../../../harness/core/migration.ts';
import { sqliteDialect } from '../../../harness/dialects/sqlite/dialect.ts';

const database = await (await openCluster()).create();
const running = database.execute(script(process.argv[2] ?? 'SELECT 1'), { statementMs: 600_000, scriptMs: 600_000 });
setTimeout(() => process.stdout.write('running\n'), 500);
await running;
setInterval(() => {}, 1000);

function script(text: string): Script {
  return { file: 'a.sql', text, sha256: '', transaction: 'autocommit', chunks: [{ text, offset: 0 }] };
}

async function openCluster(): Promise<Cluster> {
  const server = {
    dialect: 'sqlite' as const,
    provider: 'sqlite' as const,
    folder: null,
    runId: 'test',
    [Symbol.asyncDispose]: async () => {},
  };
  return await sqliteDialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false });
}
