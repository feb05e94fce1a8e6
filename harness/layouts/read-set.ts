/**
 * Layouts: a folder on disk becomes a `MigrationSet` that says which SQL runs, in which order, and how its own tool would run it.
 *
 * One file a layout (`plain.ts`, `golang-migrate.ts`, …), each an implementation of `core/layout.ts` written after the sources of its
 * tool; `docs/layouts.md` lists what each does and where that is written. `locate.ts` finds the folder and the layout,
 * `detect-dialect.ts` the database, `directives.ts` the declarations in comments.
 *
 * It may import core alone, executes nothing, and knows no SQL grammar beyond what the tools themselves look at. Its one invariant:
 * whatever the tool would refuse is an error with a place, and whatever it would pass over is a note; nothing is dropped silently.
 */
import type { DialectName, LayoutName, MigrationSet } from '../core/migration.ts';
import { detectDialect } from './detect-dialect.ts';
import { locateSet } from './locate.ts';

export interface ReadSetRequest {
  /** Absolute path. */
  readonly folder: string;
  /** The same as shown to people: relative to where the command ran, with forward slashes. */
  readonly shownAs: string;
  /** Null: detected. */
  readonly layout: LayoutName | null;
  /** Null: detected. */
  readonly dialect: DialectName | null;
  /** Environment variables that a tool puts into scripts (goose's ENVSUB). Absent: none are set. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Reads a set. Throws `PalindromeError`, with a place where there is one:
 * - about the folder: `set-not-found`, `set-not-a-folder`, `set-unreadable`, `set-empty`, `set-ambiguous`;
 * - about what it is: `layout-unknown`, `layout-ambiguous`, `dialect-unknown`, `dialect-unsupported`;
 * - about its files: `script-missing`, `script-unreadable`, `script-encoding`, `script-name`, `script-markers`, `duplicate-version`,
 *   `down-without-up`, `metadata-invalid`, `migration-not-sql`, `variable-missing`, `directive-invalid`.
 */
export async function readSet(request: ReadSetRequest): Promise<MigrationSet> {
  const place = { folder: request.folder, shownAs: request.shownAs.replace(/(?<=.)\/+$/, '') };
  const located = await locateSet(place, request.layout, request.dialect);
  const { folder, shownAs, files } = located;
  const dialect = request.dialect ?? detectDialect(located);
  const set = await located.layout.read({ folder, shownAs, dialect, files, environment: request.environment });
  return { ...set, notes: [...located.notes, ...set.notes] };
}
