/**
 * From the folder that a person gave to the folder that holds the migrations.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import type { DialectName, LayoutName } from '../core/migration.ts';
import { compareText } from '../core/text.ts';
import { dialectOfPath } from './detect-dialect.ts';
import { detectLayout, rankLayouts } from './detect-layout.ts';
import { LAYOUTS } from './layouts.ts';
import { listFiles } from './list-files.ts';
import { notAFolder, pathFault } from './path-fault.ts';
import type { Place } from './source-file.ts';
import { showPath } from './source-file.ts';
import { listSome } from './versions.ts';

export interface Located extends Place {
  readonly layout: Layout;
  /** Paths below the folder, ordered. */
  readonly files: readonly string[];
  readonly peek: (file: string) => string;
  readonly notes: readonly string[];
}

/** Folders of a set lie at most this deep below it (`meta/_journal.json`, `<version>_name/up.sql`). */
const SET_DEPTH = 1;
/** How deep below the given folder a set is looked for. */
const SEARCH_DEPTH = 5;
/** What is read of a file to recognise it. */
const PEEK_BYTES = 256 * 1024;
/** Where projects keep their migrations: preferred to any other place. */
const USUAL = /(?:^|\/)(?:migrations?|drizzle)(?:\/(?:postgres(?:ql)?|sqlite3?))?$/;

/**
 * The set's folder: the given one, or the only one below it that holds migrations.
 * Throws `set-not-found`, `set-not-a-folder`, `set-unreadable`, `set-empty`, `layout-unknown`, `layout-ambiguous`, `set-ambiguous`.
 */
export async function locateSet(
  place: Place,
  wanted: LayoutName | null,
  dialect: DialectName | null,
): Promise<Located> {
  const entry = await stat(place.folder).catch((thrown: unknown) => {
    throw pathFault(thrown, place.shownAs, 'set');
  });
  if (!entry.isDirectory()) throw notAFolder(place.shownAs);
  const { files, unreadable } = await listFiles(place.folder, place.shownAs, SET_DEPTH);
  const here = recognise(place, files, wanted);
  if (here !== null) return { ...here, notes: unreadableNote(unreadable) };
  return locateBelow(place, files, wanted, dialect);
}

function recognise(place: Place, files: readonly string[], wanted: LayoutName | null): Located | null {
  const peek = makePeek(place.folder);
  const layout = wanted === null ? detectLayout(place.shownAs, files, peek) : LAYOUTS[wanted];
  if (layout === null || (wanted !== null && layout.detect(files, peek) === 0 && !couldBePlain(wanted, files)))
    return null;
  return { ...place, layout, files, peek, notes: [] };
}

/** Asked for by name, `plain` also takes what it would not claim itself. */
function couldBePlain(wanted: LayoutName, files: readonly string[]): boolean {
  return wanted === 'plain' && files.some((file) => /^[Vv]?\d[^/]*\.sql$/i.test(file));
}

async function locateBelow(
  place: Place,
  ownFiles: readonly string[],
  wanted: LayoutName | null,
  dialect: DialectName | null,
): Promise<Located> {
  const { files, unreadable } = await listFiles(place.folder, place.shownAs, SEARCH_DEPTH);
  const found = findCandidates(place, files, wanted);
  const fitting = found.filter((folder) => dialect === null || (dialectOfPath(folder) ?? dialect) === dialect);
  const candidates = fitting.length > 0 ? fitting : found;
  const usual = candidates.filter((folder) => USUAL.test(folder));
  const [chosen, ...others] = usual.length > 0 ? usual : candidates;
  if (chosen === undefined) throw nothingFound(place, ownFiles, files, wanted);
  if (others.length > 0) {
    const shown = [chosen, ...others].map((folder) => showPath(place, folder));
    throw new PalindromeError(
      'set-ambiguous',
      `${place.shownAs} holds several folders of migrations: ${listSome(shown)}.`,
      {
        hint: `Give the one you mean, for example ${shown[0] ?? ''}.`,
      },
    );
  }
  const inner: Place = { folder: path.join(place.folder, chosen), shownAs: showPath(place, chosen) };
  const innerFiles = (await listFiles(inner.folder, inner.shownAs, SET_DEPTH)).files;
  const located = recognise(inner, innerFiles, wanted);
  if (located === null) throw nothingFound(place, ownFiles, files, wanted);
  return { ...located, notes: [`The migrations are in ${inner.shownAs}.`, ...unreadableNote(unreadable)] };
}

/** Folders in which a layout sees migrations, without those inside another such folder. */
function findCandidates(place: Place, files: readonly string[], wanted: LayoutName | null): string[] {
  const filesOf = new Map<string, string[]>();
  for (const file of files) {
    const parts = file.split('/');
    for (let cut = Math.max(1, parts.length - 1 - SET_DEPTH); cut < parts.length; cut++) {
      const folder = parts.slice(0, cut).join('/');
      const rest = parts.slice(cut).join('/');
      const known = filesOf.get(folder);
      if (known === undefined) filesOf.set(folder, [rest]);
      else known.push(rest);
    }
  }
  const found: string[] = [];
  for (const folder of [...filesOf.keys()].toSorted(compareText)) {
    if (found.some((outer) => folder.startsWith(`${outer}/`))) continue;
    const peek = makePeek(path.join(place.folder, folder));
    const ranked = rankLayouts(filesOf.get(folder) ?? [], peek);
    if (ranked.some(({ layout }) => wanted === null || layout.name === wanted)) found.push(folder);
  }
  return found;
}

function nothingFound(
  place: Place,
  ownFiles: readonly string[],
  allFiles: readonly string[],
  wanted: LayoutName | null,
): PalindromeError {
  if (allFiles.length === 0) {
    return new PalindromeError('set-empty', `${place.shownAs} is empty.`, {
      hint: 'Give the folder that the migration files are in.',
    });
  }
  const sql = ownFiles.filter((file) => /\.sql$/i.test(file));
  if (wanted !== null) {
    return new PalindromeError('set-empty', `${place.shownAs} holds no migrations of the layout ${wanted}.`, {
      hint: 'Give the folder that the migration files are in, or leave --layout out to have it detected.',
    });
  }
  if (sql.some((file) => /^[VUBR][\d._]*__/.test(file))) {
    return new PalindromeError(
      'layout-unknown',
      `${place.shownAs} looks like a folder of Flyway's, which is not read yet.`,
      {
        hint: '`--layout plain` runs its versioned files one by one, as psql would.',
      },
    );
  }
  return new PalindromeError(
    sql.length === 0 ? 'set-empty' : 'layout-unknown',
    sql.length === 0
      ? `${place.shownAs} holds no migrations: no .sql file, and no folder of any known tool.`
      : `${place.shownAs} holds .sql files of no known layout: ${listSome(sql)}.`,
    { hint: `Known are ${Object.keys(LAYOUTS).join(', ')}; plain files are named like 0001_create_users.sql.` },
  );
}

function unreadableNote(unreadable: readonly string[]): string[] {
  return unreadable.length === 0 ? [] : [`No permission to look into: ${listSome(unreadable)}.`];
}

/** Reads the head of a file below a folder; a file that cannot be read looks empty, and reading the set will name it. */
function makePeek(folder: string): (file: string) => string {
  const known = new Map<string, string>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const head = readHead(path.join(folder, file));
    known.set(file, head);
    return head;
  };
}

function readHead(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const buffer = Buffer.allocUnsafe(PEEK_BYTES);
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, PEEK_BYTES, 0));
  } catch {
    return '';
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
