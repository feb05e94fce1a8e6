/** Which migrations a change concerns: those that were changed, and later ones that name a table which one of them names. */
import type { Migration, MigrationSet } from '../core/migration.ts';

/** What of a run's sets is judged because of a change. */
export interface Since {
  /** As it was typed. */
  readonly ref: string;
  /** Names of the migrations that are judged, by the path of their set. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** What was left out, and why more than what changed was taken: sentences. */
  readonly limits: readonly string[];
}

/** The migrations of one set that are to be judged, and why the later ones are among them. */
export interface Concerned {
  readonly names: ReadonlySet<string>;
  /** A sentence where one that was changed names no table of the set: then everything after it is taken. */
  readonly note: string | null;
}

/** `changed`: names of migrations whose scripts differ. */
export function findConcerned(
  { migrations }: Pick<MigrationSet, 'migrations'>,
  changed: ReadonlySet<string>,
): Concerned {
  const tables = new Set(migrations.flatMap((migration) => [...tablesMadeIn(textOf(migration))]));
  const names = new Set<string>();
  const touched = new Set<string>();
  let note: string | null = null;
  for (const migration of migrations) {
    const words = wordsOf(textOf(migration));
    const own = [...words].filter((word) => tables.has(word));
    if (changed.has(migration.name)) {
      names.add(migration.name);
      for (const table of own) touched.add(table);
      if (own.length === 0) note ??= `${migration.name} names no table of its set, so everything after it was judged`;
    } else if (note !== null || own.some((table) => touched.has(table))) names.add(migration.name);
  }
  return { names, note };
}

function textOf({ up, down }: Migration): string {
  return `${up.text}\n${down?.text ?? ''}`.toLowerCase();
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{L}\p{N}_$]+/gu));
}

/** Tables and views that a script makes or names anew. */
function tablesMadeIn(text: string): readonly string[] {
  const made =
    /\b(?:table|view)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?([\p{L}\p{N}_$".]+)|\brename\s+to\s+([\p{L}\p{N}_$".]+)/gu;
  return [...text.matchAll(made)].map(([, table = '', renamed = '']) => {
    const name = (table === '' ? renamed : table).split('.').at(-1) ?? '';
    return name.replaceAll('"', '');
  });
}
