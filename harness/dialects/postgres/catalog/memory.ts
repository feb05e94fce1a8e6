/**
 * What a look at a catalog leaves behind for the next look at the same database, and the pieces that catalogs are put together from.
 */
import type { Catalog, CatalogObject } from '../../../core/catalog.ts';
import { makeCatalog } from '../../../core/catalog.ts';

/** The objects of one relation, or those of no relation. Equal text is the same piece. */
export interface Piece {
  readonly id: number;
  readonly objects: readonly CatalogObject[];
}

export interface KnownRelation {
  readonly mark: string;
  /** Qualified and quoted. */
  readonly name: string;
  readonly piece: Piece;
}

/** A database's catalog as it was at one look, with the marks of that moment (`marks.ts`). Holds for that database and for clones made of it since. */
export interface CatalogMemory {
  /** By OID. */
  readonly relations: ReadonlyMap<string, KnownRelation>;
  /** OID to `xmin` of what definitions name. */
  readonly named: ReadonlyMap<string, string>;
  readonly surroundings: string;
}

/** Whether nothing that the definitions of unchanged relations name has another name now, columns aside. */
export function areNamesKept(memory: CatalogMemory, now: Names): boolean {
  if (memory.surroundings !== now.surroundings) return false;
  for (const [oid, xmin] of memory.named) if ((now.named.get(oid) ?? xmin) !== xmin) return false;
  for (const [oid, { name }] of memory.relations) if ((now.relations.get(oid)?.name ?? name) !== name) return false;
  return true;
}

interface Names extends Pick<CatalogMemory, 'named' | 'surroundings'> {
  readonly relations: ReadonlyMap<string, { readonly name: string }>;
}

/** Whether a column of the one piece has another name in the other. */
export function hasRenamedColumn(before: Piece, after: Piece): boolean {
  if (before === after) return false;
  const names = new Map(before.objects.flatMap(position));
  return after.objects.flatMap(position).some(([number, name]) => (names.get(number) ?? name) !== name);
}

function position({ kind, name, notes }: CatalogObject): readonly (readonly [string, string])[] {
  const number = kind === 'column' ? notes?.['position'] : undefined;
  return number === undefined ? [] : [[number, name]];
}

/** How much text is kept to find pieces by, in UTF-16 code units. */
const REMEMBERED_TEXT = 4_000_000;
/** How many objects the catalogs that are kept list in all. */
const REMEMBERED_OBJECTS = 40_000;

const pieces = new Map<string, Piece>();
let piecesText = 0;
let lastPiece = 0;

/** The piece with this text; `read` makes its objects where it is new. */
export function pieceOf(text: string, read: () => readonly CatalogObject[]): Piece {
  const known = pieces.get(text);
  // A map keeps the order of insertion: what was used last goes to its end.
  if (known === undefined) piecesText += text.length;
  else pieces.delete(text);
  const piece = known ?? { id: (lastPiece += 1), objects: read() };
  pieces.set(text, piece);
  for (const oldest of pieces.keys()) {
    if (piecesText <= REMEMBERED_TEXT || oldest === text) break;
    pieces.delete(oldest);
    piecesText -= oldest.length;
  }
  return piece;
}

const catalogs = new Map<string, Catalog>();
let catalogObjects = 0;

/** The catalog of these pieces: the same one for the same pieces, as long as it is remembered. */
export function catalogOf(parts: readonly Piece[]): Catalog {
  const key = parts
    .map(({ id }) => id)
    .toSorted((a, b) => a - b)
    .join(' ');
  const known = catalogs.get(key);
  if (known !== undefined) catalogs.delete(key);
  const catalog = known ?? makeCatalog(parts.flatMap(({ objects }) => objects));
  if (known === undefined) catalogObjects += catalog.objects.length;
  catalogs.set(key, catalog);
  for (const [oldest, { objects }] of catalogs) {
    if (catalogObjects <= REMEMBERED_OBJECTS || oldest === key) break;
    catalogs.delete(oldest);
    catalogObjects -= objects.length;
  }
  return catalog;
}
