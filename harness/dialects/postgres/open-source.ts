/** Opens other people's data: a database by URL as it is, a dump in a throwaway database of the run's own server. */
import type { SourceData, SourceRequest } from '../../core/source-data.ts';
import { closeClient, openClient } from './connection.ts';
import { PostgresDatabase } from './database.ts';
import { readDump } from './dump-file.ts';
import { loadDump } from './dump-load.ts';
import { openDatabaseSource } from './source-data.ts';

/** Opens the data. Nothing of a source by URL is written; of a dump, the database that it was loaded into is dropped with the source. */
export async function openPostgresSource({ location, cluster, statementMs }: SourceRequest): Promise<SourceData> {
  if (location.kind === 'url') {
    const { host, port, user, password, database, ssl } = location;
    return openDatabaseSource({
      server: {
        dialect: 'postgres',
        provider: 'server',
        host,
        port,
        user,
        password,
        database,
        ssl,
        runId: 'read',
        isExclusive: false,
        crash: { isPossible: false, why: 'the source of data is only read' },
        [Symbol.asyncDispose]: async () => undefined,
      },
      database,
      what: (version) => `PostgreSQL ${version} database`,
      notes: [],
      statementMs,
      dispose: async () => undefined,
    });
  }
  const dump = await readDump(location.path, location.shownAs);
  const database = await cluster.create();
  if (!(database instanceof PostgresDatabase)) throw new TypeError('a database of another dialect');
  try {
    const { server, name } = database.whereabouts;
    const client = await openClient(server, name);
    try {
      const notes = await loadDump(client, dump, location.shownAs, cluster.engine.major);
      return await openDatabaseSource({
        server,
        database: name,
        what: () => (dump.major === null ? 'SQL file' : `dump of a PostgreSQL ${dump.major} database`),
        notes,
        statementMs,
        dispose: async () => database[Symbol.asyncDispose](),
      });
    } finally {
      await closeClient(client);
    }
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
