/**
 * Makes a server ready for a set of scripts, or says why it cannot be.
 */
import type { Client } from 'pg';
import type { Requirements } from '../../core/dialect.ts';
import { queryRows } from './connection.ts';
import { quoteIdentifier } from './quote.ts';

/** Images that are known to carry an extension. */
const IMAGES: Readonly<Record<string, (major: string) => string>> = {
  postgis: (major) => `postgis/postgis:${major}-3.5`,
  postgis_topology: (major) => `postgis/postgis:${major}-3.5`,
  postgis_raster: (major) => `postgis/postgis:${major}-3.5`,
  vector: (major) => `pgvector/pgvector:pg${major}`,
  timescaledb: (major) => `timescale/timescaledb:latest-pg${major}`,
  citus: () => 'citusdata/citus',
  age: () => 'apache/age',
};

/** Makes roles that are missing; `unmet` has a sentence for each extension that the server does not have. */
export async function prepareServer(
  admin: Client,
  requirements: Requirements,
  major: string,
): Promise<{ readonly unmet: readonly string[]; readonly roles: readonly string[] }> {
  const roles = await makeRoles(admin, requirements.roles);
  if (requirements.extensions.length === 0) return { unmet: [], roles };
  const available = new Set((await queryRows(admin, 'SELECT name FROM pg_available_extensions')).map(([name]) => name));
  const missing = requirements.extensions.filter((name) => !available.has(name));
  return { unmet: missing.map((name) => explain(name, major)), roles };
}

async function makeRoles(admin: Client, roles: readonly string[]): Promise<string[]> {
  const existing = new Set((await queryRows(admin, 'SELECT rolname FROM pg_roles')).map(([name]) => name));
  const made: string[] = [];
  for (const role of roles) {
    if (existing.has(role)) continue;
    await admin.query(`CREATE ROLE ${quoteIdentifier(role)}`);
    made.push(role);
  }
  return made;
}

function explain(extension: string, major: string): string {
  const image = IMAGES[extension]?.(major);
  const wayOut =
    image === undefined
      ? 'use an image or a server that has it (image: … or serverUrl: … in the configuration)'
      : `run with --provider container and image: '${image}' in the configuration, or with a server that has it`;
  return `The extension ${extension} is not on this PostgreSQL ${major} server: ${wayOut}.`;
}
