/**
 * What scripts need from a server, read from their parse trees.
 */
import type { Requirements } from '../../core/dialect.ts';
import type { Script } from '../../core/migration.ts';
import { compareText } from '../../core/text.ts';
import { askGrammar } from './grammar.ts';
import { splitUnchecked } from './split.ts';

/** Statements without any of these words need nothing. */
const CANDIDATE = /\b(extension|role|grant|revoke|owner|owned|policy|authorization|privileges|user|group)\b/i;
const EXTENSION_IN_BODY = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([\w$]+))/gi;
const ROLE_IN_BODY = /\bcreate\s+(?:role|user|group)\s+(?:"([^"]+)"|([\w$]+))/gi;

interface Found {
  readonly extensions: Set<string>;
  readonly roles: Set<string>;
  readonly created: Set<string>;
}

/** Reads them. `loadGrammar` must have been awaited; statements that do not parse are passed over. */
export function findRequirements(scripts: readonly Pick<Script, 'chunks'>[]): Requirements {
  const found: Found = { extensions: new Set(), roles: new Set(), created: new Set() };
  for (const script of scripts) {
    for (const chunk of script.chunks) {
      if (!CANDIDATE.test(chunk.text)) continue;
      for (const { text, command } of splitUnchecked(chunk.text)) {
        if (CANDIDATE.test(text)) readStatement(text, command, found);
      }
    }
  }
  return {
    extensions: [...found.extensions].toSorted(compareText),
    roles: [...found.roles].filter((role) => !found.created.has(role) && !role.startsWith('pg_')).toSorted(compareText),
  };
}

function readStatement(text: string, command: string, found: Found): void {
  if (command === 'DO' || command.startsWith('CREATE FUNCTION') || command.startsWith('CREATE PROCEDURE')) {
    for (const name of namesIn(text, EXTENSION_IN_BODY)) found.extensions.add(name);
    for (const name of namesIn(text, ROLE_IN_BODY)) found.created.add(name);
  }
  const answer = askGrammar(text);
  if (answer.status !== 'parsed') return;
  for (const { stmt } of answer.tree.stmts ?? []) walk(stmt, found);
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, quoted, bare]) => quoted ?? bare?.toLowerCase() ?? '');
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Role names stand in `RoleSpec` nodes, except in CREATE ROLE, GRANT role and SET ROLE. */
function walk(value: unknown, found: Found): void {
  if (Array.isArray(value)) for (const item of value) walk(item, found);
  if (!isNode(value) || Array.isArray(value)) return;
  if (value['roletype'] === 'ROLESPEC_CSTRING' && typeof value['rolename'] === 'string')
    found.roles.add(value['rolename']);
  for (const [kind, child] of Object.entries(value)) {
    if (kind === 'DropRoleStmt') continue;
    if (isNode(child)) readKind(kind, child, found);
    walk(child, found);
  }
}

function readKind(kind: string, node: Node, found: Found): void {
  if (kind === 'CreateExtensionStmt' && typeof node['extname'] === 'string') found.extensions.add(node['extname']);
  if (kind === 'CreateRoleStmt' && typeof node['role'] === 'string') found.created.add(node['role']);
  if (kind === 'GrantRoleStmt') for (const name of valuesOf(node['granted_roles'], 'priv_name')) found.roles.add(name);
  if (kind === 'VariableSetStmt' && (node['name'] === 'role' || node['name'] === 'session_authorization')) {
    for (const name of valuesOf(node['args'], 'sval')) if (name !== 'none') found.roles.add(name);
  }
}

/** Every text under a key of that name, at any depth. */
function valuesOf(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => valuesOf(item, key));
  if (!isNode(value)) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name === key && typeof child === 'string' ? [child] : valuesOf(child, key),
  );
}
