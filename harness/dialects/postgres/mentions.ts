/**
 * Which tables a script's text names, anywhere in it: in statements, bodies, strings and comments.
 */
import type { Script } from '../../core/migration.ts';
import type { SchemaModel } from '../../core/schema.ts';

const WORDS = /[\p{L}\p{N}_$]+/gu;
const WORD = /^[\p{L}\p{N}_$]+$/u;

/** `Table.key`s of the tables whose name occurs; a superset of those that the script touches by name. */
export function findMentionedTables(script: Script, model: SchemaModel): readonly string[] {
  const text = script.chunks.map((chunk) => chunk.text).join('\n');
  const words = new Set<string>();
  for (const [word] of text.matchAll(WORDS)) words.add(word).add(word.toLowerCase());
  const isMentioned = (name: string) =>
    WORD.test(name) ? words.has(name) : text.includes(name) || text.includes(name.replaceAll('"', '""'));
  return model.tables.filter((table) => isMentioned(table.name)).map((table) => table.key);
}
