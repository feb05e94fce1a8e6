/** A database of its own for a test, on the server that the PostgreSQL tests share. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { PostgresServer } from '../postgres/support.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly client: Client;
  readonly major: number;
}

export async function makeDatabase(server: PostgresServer, ...scripts: readonly string[]): Promise<TestDatabase> {
  const name = `introspection_${randomBytes(6).toString('hex')}`;
  await asAdministrator(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const client = await connect(server, name);
  const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`);
  for (const script of scripts) await client.query(script);
  return {
    client,
    major: Math.floor(Number(rows[0]?.version) / 10_000),
    async [Symbol.asyncDispose]() {
      await client.end();
      await asAdministrator(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function connect(server: PostgresServer, database: string): Promise<Client> {
  const client = new Client({
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    database,
  });
  await client.connect();
  return client;
}

async function asAdministrator(server: PostgresServer, sql: string): Promise<void> {
  const client = await connect(server, server.database);
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
