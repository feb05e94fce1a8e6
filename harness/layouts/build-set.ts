/**
 * What all layouts share when they turn files into a `MigrationSet`.
 */
import type { Declarations } from '../core/declarations.ts';
import { NO_DECLARATIONS, mergeDeclarations } from '../core/declarations.ts';
import { PalindromeError } from '../core/errors.ts';
import type { LayoutName, Migration, MigrationSet, Script, TransactionMode } from '../core/migration.ts';
import type { ReadRequest } from '../core/layout.ts';
import type { ToolModel } from '../core/tool.ts';
import { parseDirectives } from './directives.ts';
import type { SourceFile } from './source-file.ts';
import { nameSet } from './set-name.ts';
import { listSome } from './versions.ts';

/** A script that is sent in one piece; a blank file has no piece to send. */
export function wholeScript(source: SourceFile, transaction: TransactionMode): Script {
  const chunks = source.text.trim() === '' ? [] : [{ text: source.text, offset: 0 }];
  return { file: source.shownAs, text: source.text, sha256: source.sha256, transaction, chunks };
}

/** What `palindrome:` comments in the given files declare, in that order; a file given twice counts once. */
export function declaredIn(...sources: readonly (SourceFile | null)[]): Declarations {
  let declarations = NO_DECLARATIONS;
  const seen = new Set<string>();
  for (const source of sources) {
    if (source === null || seen.has(source.path)) continue;
    seen.add(source.path);
    declarations = mergeDeclarations(declarations, parseDirectives(source.shownAs, source.text));
  }
  return declarations;
}

export interface SetParts {
  readonly layout: LayoutName;
  /** In the order in which the tool applies them. */
  readonly migrations: readonly Migration[];
  readonly keepsLedger: boolean;
  readonly tool: ToolModel;
  readonly sqliteForeignKeys: boolean;
  /** Files that were read, for notes on their encoding. */
  readonly sources: readonly SourceFile[];
  readonly notes: readonly (string | null)[];
}

/** Completes a set: its name, and notes on empty scripts and byte-order marks. Throws `set-empty` without migrations. */
export function finishSet(request: ReadRequest, parts: SetParts): MigrationSet {
  if (parts.migrations.length === 0) {
    throw new PalindromeError('set-empty', `${request.shownAs} has no migrations of the layout ${parts.layout}.`, {
      hint: 'Give the folder that the migration files are in, or another `--layout`.',
    });
  }
  const notes = [...parts.notes, emptyNote(parts.migrations), byteOrderMarkNote(parts.sources)];
  return {
    name: nameSet(request.folder, request.shownAs),
    path: request.shownAs,
    layout: parts.layout,
    dialect: request.dialect,
    migrations: parts.migrations,
    keepsLedger: parts.keepsLedger,
    tool: parts.tool,
    sqliteForeignKeys: parts.sqliteForeignKeys,
    notes: notes.filter((note) => note !== null),
  };
}

/** A sentence on `.sql` files that the tool passes over; null if there are none. */
export function ignoredNote(files: readonly string[], why: string): string | null {
  if (files.length === 0) return null;
  return `Ignored ${files.length === 1 ? 'a file' : `${files.length} files`} (${why}): ${listSome(files)}.`;
}

function emptyNote(migrations: readonly Migration[]): string | null {
  const empty = migrations.flatMap(({ name, up, down }) => [
    ...(up.chunks.length === 0 ? [`${name} (up)`] : []),
    ...(down?.chunks.length === 0 ? [`${name} (down)`] : []),
  ]);
  return empty.length === 0 ? null : `Nothing to execute in: ${listSome(empty)}.`;
}

function byteOrderMarkNote(sources: readonly SourceFile[]): string | null {
  const marked = sources.filter((source) => source.hadByteOrderMark).map((source) => source.path);
  return marked.length === 0
    ? null
    : `Begins with a byte-order mark, which was taken off here and which some tools send to the server: ${listSome(marked)}.`;
}
