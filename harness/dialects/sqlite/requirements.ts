/**
 * What scripts need and what they touch, as far as their text tells.
 */
import type { Requirements } from '../../core/dialect.ts';
import type { Script } from '../../core/migration.ts';
import type { SchemaModel } from '../../core/schema.ts';
import { foldName } from './normal-form.ts';
import { nameOf, tokenize } from './tokens.ts';

/** SQLite has neither roles nor extensions that a script creates. */
export const NO_REQUIREMENTS: Requirements = { extensions: [], roles: [] };

/** Keys of the model's tables whose names stand in the script, in the model's order; comments do not count. */
export function findMentionedTables(script: Script, model: SchemaModel): string[] {
  const names = new Set<string>();
  for (const chunk of script.chunks) {
    for (const token of tokenize(chunk.text)) {
      if (token.kind === 'word' || token.kind === 'name' || token.kind === 'string') names.add(foldName(nameOf(token)));
    }
  }
  return model.tables.filter(({ name }) => names.has(foldName(name))).map(({ key }) => key);
}
