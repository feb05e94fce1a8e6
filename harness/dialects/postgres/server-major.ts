import type { Client } from 'pg';
import { PalindromeError } from '../../core/errors.ts';

const MAJORS = new WeakMap<Client, number>();

/**
 * The server's major version, asked for once a connection.
 * Throws `unsupported-engine` (environment) where it is older than 14, the oldest that the catalogs are read from.
 */
export async function serverMajor(client: Client): Promise<number> {
  const known = MAJORS.get(client);
  if (known !== undefined) return known;
  const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`);
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (!(major >= 14)) {
    throw new PalindromeError('unsupported-engine', `PostgreSQL ${major} is too old: its catalogs are not read`, {
      kind: 'environment',
      hint: 'Use a server of major version 14 to 18.',
    });
  }
  MAJORS.set(client, major);
  return major;
}
