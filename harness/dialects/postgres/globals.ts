/**
 * State that belongs to the whole server, not to a database: roles, their settings, and ALTER SYSTEM.
 * Databases are cloned and dropped, this is not, so it has to be put back.
 */
import type { Client } from 'pg';
import type { Row } from '../../core/dataset.ts';
import { queryText } from './connection.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

export interface Globals {
  /** Role name to its attributes as `CREATE ROLE` options. */
  readonly roles: ReadonlyMap<string, string>;
  /** `role → member` grants, as `GRANT role TO member` without the verb. */
  readonly memberships: ReadonlySet<string>;
  /** Settings of roles in all databases, by `role` to `name=value` items. */
  readonly roleSettings: ReadonlyMap<string, readonly string[]>;
  /** Settings made with ALTER SYSTEM. */
  readonly system: ReadonlyMap<string, string>;
}

const GLOBALS_SQL = `
SELECT rolname, concat_ws(' ',
    CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END, CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
    CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END, 'CONNECTION LIMIT ' || rolconnlimit,
    'VALID UNTIL ' || quote_literal(rolvaliduntil))
  FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' ORDER BY 1;
SELECT DISTINCT format('%I TO %I', r.rolname, m.rolname) || CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END
  FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
  WHERE m.rolname NOT LIKE 'pg\\_%' ORDER BY 1;
SELECT r.rolname, array_to_json(s.setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
  WHERE s.setdatabase = 0 ORDER BY 1`;

const SYSTEM_SQL = `SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf' ORDER BY seqno`;

/** Words in scripts that may change state of the whole server. */
const TOUCHES_GLOBALS = /\b(role|user|group|system)\b/i;
/** `GROUP BY` groups rows, unless it is about a role that somebody called "by". */
const GROUPS_ROWS = /(?<!\b(?:create|alter|drop)\s+)\bgroup\s+by\b/gi;

/** A table `"User"` is no user, and a line of comment does nothing. */
const NO_KEYWORDS = /"\w+"|^\s*--.*$/gm;

/** Whether a script may change state of the whole server. */
export function touchesGlobals(text: string): boolean {
  return TOUCHES_GLOBALS.test(text.replaceAll(NO_KEYWORDS, '').replaceAll(GROUPS_ROWS, ''));
}

/** Reads them. ALTER SYSTEM is only seen by superusers; others cannot use it either. */
export async function readGlobals(admin: Client): Promise<Globals> {
  const [roles, memberships, settings] = await queryText(admin, GLOBALS_SQL);
  const system = await queryText(admin, SYSTEM_SQL).catch(() => []);
  return {
    roles: new Map(pairs(roles?.rows)),
    memberships: new Set(pairs(memberships?.rows).map(([grant]) => grant)),
    roleSettings: new Map(pairs(settings?.rows).map(([role, items]) => [role, JSON.parse(items) as readonly string[]])),
    system: new Map(pairs(system[0]?.rows)),
  };
}

function pairs(rows: readonly Row[] | undefined): [string, string][] {
  return (rows ?? []).map(([name, value]) => [name ?? '', value ?? '']);
}

/**
 * Brings the server back to `wanted`. Roles that `isOurs` does not claim are left alone.
 * Returns what could not be undone, a sentence each.
 */
export async function restoreGlobals(
  admin: Client,
  wanted: Globals,
  isOurs: (role: string) => boolean,
): Promise<string[]> {
  const statements = planRestore(await readGlobals(admin), wanted, isOurs);
  const problems: string[] = [];
  for (const sql of statements) {
    await admin.query(sql).catch((error: Error) => problems.push(`${sql}: ${error.message}`));
  }
  return problems;
}

function planRestore(actual: Globals, wanted: Globals, isOurs: (role: string) => boolean): string[] {
  const added = [...actual.roles.keys()].filter((role) => !wanted.roles.has(role) && isOurs(role));
  const isAdded = new Set(added);
  const statements: string[] = [];
  for (const [role, attributes] of wanted.roles) {
    const now = actual.roles.get(role);
    if (now === undefined) statements.push(`CREATE ROLE ${quoteIdentifier(role)} ${attributes}`);
    else if (now !== attributes && isOurs(role)) statements.push(`ALTER ROLE ${quoteIdentifier(role)} ${attributes}`);
  }
  for (const role of new Set([...actual.roleSettings.keys(), ...wanted.roleSettings.keys()])) {
    const before = wanted.roleSettings.get(role) ?? [];
    if (isAdded.has(role) || !isOurs(role) || before.join('\n') === (actual.roleSettings.get(role) ?? []).join('\n'))
      continue;
    statements.push(`ALTER ROLE ${quoteIdentifier(role)} RESET ALL`);
    statements.push(...before.map((item) => `ALTER ROLE ${quoteIdentifier(role)} SET ${settingSql(item)}`));
  }
  statements.push(...added.map((role) => `DROP ROLE ${quoteIdentifier(role)}`));
  statements.push(...[...wanted.memberships].filter((m) => !actual.memberships.has(m)).map((m) => `GRANT ${m}`));
  statements.push(...restoreSystem(actual.system, wanted.system));
  return statements;
}

function restoreSystem(actual: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): string[] {
  const names = new Set([...actual.keys(), ...wanted.keys()]);
  const changed = [...names].filter((name) => actual.get(name) !== wanted.get(name));
  if (changed.length === 0) return [];
  const statements = changed.map((name) => {
    const value = wanted.get(name);
    return value === undefined ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = ${quoteLiteral(value)}`;
  });
  return [...statements, 'SELECT pg_reload_conf()'];
}

/** Settings whose stored value is a list that is already quoted. */
const QUOTED_LISTS = new Set([
  'search_path',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

/** `name=value`, as the server stores a setting, as the tail of `ALTER … SET`. */
export function settingSql(item: string): string {
  const at = item.indexOf('=');
  const name = item.slice(0, at);
  const value = item.slice(at + 1);
  const quotedName = name.split('.').map(quoteIdentifier).join('.');
  if (QUOTED_LISTS.has(name.toLowerCase())) return `${quotedName} TO ${value === '' ? "''" : value}`;
  return `${quotedName} TO ${quoteLiteral(value)}`;
}
