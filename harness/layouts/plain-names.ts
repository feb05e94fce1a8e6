/**
 * The names of numbered SQL files: version, title and direction, and which down belongs to which up.
 */
import { PalindromeError } from '../core/errors.ts';
import { compareText } from '../core/text.ts';
import { groupBy } from './group-by.ts';
import { compareVersions, versionKey } from './versions.ts';

export interface NamedFile {
  readonly file: string;
  readonly version: string;
  /** What follows the version, without `.sql`. */
  readonly title: string;
}

/** A date with an optional time, or numbers joined by dots; a `V` in front is allowed. Then a separator and the title. */
const FILE =
  /^[Vv]?(\d{4}-\d{2}-\d{2}(?:[-_T]\d{4,6}(?=[-_. ]))?|\d{8}[-_T]\d{4,6}(?=[-_. ])|\d+(?:\.\d+)*)(?:[-_. ]+([^/]*))?\.sql$/i;

/** `_ROLLBACK`, `_down`, `.down`, `-rollback`: a down in every case. */
const DOWN = /(?:^|[-_.])(?:rollback|down)$/i;
/** `_undo` and `_revert` may also end the title of an up: downs only where the up they belong to is there. */
const PERHAPS_DOWN = /(?:^|[-_.])(?:undo|revert)$/i;
const UP = /(?:^|[-_.])up$/i;

/** The parts of a numbered file's name; null if it has no number in front or lies in a sub-folder. */
export function parsePlainName(file: string): NamedFile | null {
  const match = FILE.exec(file);
  return match === null ? null : { file, version: match[1] ?? '', title: match[2] ?? '' };
}

/** Whether a version is a date: several migrations of one day are then no collision. */
export function isDated(version: string): boolean {
  return /^\d{4}-\d{2}-\d{2}|^(?:19|20)\d{6}\b/.test(version);
}

export interface Pair {
  readonly up: NamedFile;
  readonly down: NamedFile | null;
}

/** Ups with their downs in the order of versions, then names. Throws `down-without-up` or `duplicate-version`. */
export function pairFiles(files: readonly NamedFile[], show: (file: string) => string): Pair[] {
  const groups = groupBy(files, ({ version }) => versionKey(version));
  return [...groups.values()]
    .flatMap((group) => pairGroup(group, show))
    .toSorted(({ up: a }, { up: b }) => compareVersions(a.version, b.version) || compareText(a.file, b.file));
}

function pairGroup(group: readonly NamedFile[], show: (file: string) => string): Pair[] {
  const titles = new Set(group.map(({ title }) => title.toLowerCase()));
  const isDown = ({ title }: NamedFile): boolean =>
    DOWN.test(title) || (PERHAPS_DOWN.test(title) && titles.has(title.replace(PERHAPS_DOWN, '').toLowerCase()));
  const ups = group.filter((file) => !isDown(file));
  const downOf = new Map<NamedFile, NamedFile>();
  for (const down of group.filter(isDown)) {
    const up = findUp(down, ups);
    if (up === undefined) throw withoutUp(down, show);
    const other = downOf.get(up);
    if (other !== undefined) {
      throw new PalindromeError(
        'duplicate-version',
        `${show(up.file)} has two downs: ${show(other.file)} and ${show(down.file)}.`,
        {
          place: { file: show(down.file), line: 1, column: 1 },
          hint: 'Keep one of them.',
        },
      );
    }
    downOf.set(up, down);
  }
  return ups.map((up) => ({ up, down: downOf.get(up) ?? null }));
}

/** By the whole title, then by the title without `.up`, then the only up of that version. */
function findUp(down: NamedFile, ups: readonly NamedFile[]): NamedFile | undefined {
  const base = down.title.replace(DOWN, '').replace(PERHAPS_DOWN, '').toLowerCase();
  return (
    ups.find((up) => up.title.toLowerCase() === base) ??
    ups.find((up) => up.title.replace(UP, '').toLowerCase() === base) ??
    (ups.length === 1 ? ups[0] : undefined)
  );
}

function withoutUp(down: NamedFile, show: (file: string) => string): PalindromeError {
  return new PalindromeError(
    'down-without-up',
    `${show(down.file)} is a down, and no file of version ${down.version} is its up.`,
    {
      place: { file: show(down.file), line: 1, column: 1 },
      hint: 'Add the up, or rename this file if it is one: a title that ends in `down` or `rollback` marks a down.',
    },
  );
}
