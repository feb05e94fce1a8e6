/**
 * What a migration did, as far as an inferred drop must know: which objects it created, and what else it changed. Kept in the ledger as JSON.
 */
import type { Catalog, CatalogObject } from '../core/catalog.ts';
import { diffCatalogs } from '../core/catalog.ts';
import type { Statement } from '../core/dialect.ts';
import { sha256 } from '../core/hash.ts';
import type { LiveObject } from '../core/live.ts';
import { compareText } from '../core/text.ts';

interface CreatedObject extends LiveObject {
  /** Hash of the object's attributes right after the migration. */
  readonly hash: string;
}

export interface Effects {
  readonly created: readonly CreatedObject[];
  /** Objects that it altered or dropped, and rows of tables that it did not create, a sentence each. */
  readonly changed: readonly string[];
}

/** Compares the catalogs around a migration, and looks in its statements for rows that it may have changed. */
export function describeEffects(before: Catalog, after: Catalog, statements: readonly Statement[]): Effects {
  const known = new Set(before.objects.map(identityOf));
  const created = after.objects
    .filter((object) => !known.has(identityOf(object)))
    .map((object) => ({ kind: object.kind, name: object.name, table: object.table, hash: hashOf(object) }));
  const altered = diffCatalogs(before, after).flatMap((change): readonly string[] => {
    if (change.change === 'altered') return [`it changed the ${change.attribute} of the ${change.kind} ${change.name}`];
    return change.change === 'missing' ? [`it dropped the ${change.kind} ${change.name}`] : [];
  });
  return { created, changed: [...new Set([...altered, ...touchedRows(statements, created)])] };
}

/** Reads what `JSON.stringify` of effects wrote; null: nothing was recorded. */
export function parseEffects(text: string | null): Effects | null {
  return text === null ? null : (JSON.parse(text) as Effects);
}

/** Objects that are not as the migration left them, and what was added to them since, a sentence each. */
export function changedSince(effects: Effects, now: Catalog): readonly string[] {
  const objects = new Map(now.objects.map((object) => [identityOf(object), object]));
  const own = new Set(effects.created.map(identityOf));
  const holders = new Set(effects.created.filter(({ name, table }) => name === table).map(({ name }) => name));
  const added = now.objects.filter(
    (object) => object.table !== null && holders.has(object.table) && !own.has(identityOf(object)),
  );
  return [
    ...effects.created.flatMap(({ kind, name, table, hash }) => {
      const object = objects.get(identityOf({ kind, name, table }));
      if (object === undefined) return [`the ${kind} ${name} is not there any more`];
      return hashOf(object) === hash && object.table === table ? [] : [`the ${kind} ${name} was changed since`];
    }),
    ...added.map(({ kind, name }) => `the ${kind} ${name} was added since`),
  ];
}

function identityOf({ kind, name }: LiveObject): string {
  return `${kind}\0${name}`;
}

function hashOf({ attributes }: CatalogObject): string {
  const entries = Object.entries(attributes).toSorted(([a], [b]) => compareText(a, b));
  return sha256(JSON.stringify(entries)).slice(0, 16);
}

const WRITES =
  /^(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(?:only\s+)?((?:"(?:[^"]|"")*"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\w$]+))*)/i;
const MAY_WRITE = new Set(['DO', 'CALL', 'EXECUTE', 'WITH', 'SELECT', 'PRAGMA', 'ATTACH', 'VALUES']);
const WRITERS = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'COPY']);

/** Statements that may have changed rows of tables that were there before: the catalog does not show that. */
function touchedRows(statements: readonly Statement[], created: readonly LiveObject[]): readonly string[] {
  const tables = new Set(created.filter(({ kind }) => kind === 'table').map(({ name }) => lastPart(name)));
  return statements.flatMap(({ command, text }) => {
    if (!WRITERS.has(command) && !MAY_WRITE.has(command)) return [];
    const target = WRITES.exec(text)?.[1];
    if (target !== undefined && tables.has(lastPart(target))) return [];
    if (target !== undefined) return [`it wrote into ${target}`];
    const isRead = (command === 'SELECT' || command === 'PRAGMA' || command === 'VALUES') && !/[(=]/.test(text);
    return isRead ? [] : [`it ran ${command}, whose effect on rows is not known`];
  });
}

function lastPart(name: string): string {
  const part = /(?:"((?:[^"]|"")*)"|([\w$]+))\s*$/.exec(name);
  return (part?.[1]?.replaceAll('""', '"') ?? part?.[2] ?? name).toLowerCase();
}
