/**
 * Pointing at the statement that a failure is most likely about, where the database named none.
 */
import type { Dialect } from '../core/dialect.ts';
import { placeAt } from '../core/errors.ts';
import type { Migration, Script } from '../core/migration.ts';
import type { Finding } from '../core/property.ts';
import { splitName } from '../core/schema-lookup.ts';
import type { StatementRef } from '../core/trace.ts';
import { splitScript } from '../core/split-script.ts';

/** The finding with a statement to look at: the database's own, or the one that mentions the object best. */
export async function locateFinding(finding: Finding, migration: Migration, dialect: Dialect): Promise<Finding> {
  if (finding.at !== null) return finding;
  const names = namesOf(finding);
  for (const script of [migration.up, migration.down]) {
    const found = script === null ? null : await findStatement(script, names, dialect);
    if (found !== null) return { ...finding, at: found };
  }
  return finding;
}

function namesOf(finding: Finding): readonly string[] {
  const objects = [finding.object, ...finding.catalogChanges.map(({ name }) => name)];
  const [first = ''] = objects;
  const bare = first.includes(' ') ? first.slice(first.lastIndexOf(' ') + 1) : first;
  return splitName(bare).toReversed().slice(0, 2);
}

async function findStatement(script: Script, names: readonly string[], dialect: Dialect): Promise<StatementRef | null> {
  const statements = await splitScript(script, dialect).catch(() => []);
  const scored = statements.map((statement, at) => ({ statement, at, score: scoreOf(statement.text, names) }));
  const best = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score || a.at - b.at)[0];
  if (best === undefined) return null;
  const { line, column } = placeAt(script.file, script.text, best.statement.offset);
  return { file: script.file, number: best.at + 1, of: statements.length, line, column, text: best.statement.text };
}

/** Mentioning the column counts more than mentioning the table. */
function scoreOf(text: string, names: readonly string[]): number {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu));
  const mentions = (name: string): boolean => words.has(name.toLowerCase()) || text.includes(name);
  return names.reduce((sum, name, at) => sum + (name !== '' && mentions(name) ? names.length - at : 0), 0);
}
