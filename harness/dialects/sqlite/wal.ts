/**
 * A database file and its write-ahead log as one image in memory. Opening such a file, even only to read, makes SQLite write beside it, so
 * the log is replayed here instead (https://www.sqlite.org/fileformat.html#the_write_ahead_log). The file itself is read and nothing else.
 */

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;
/** Offsets of the two bytes that say whether a file has a write-ahead log; 1: it has none. */
const FORMAT_VERSIONS = [18, 19];

/** The database after every transaction that was committed to the log. Frames after the last valid commit were never part of it. */
export function replayLog(database: Buffer, log: Buffer): Buffer {
  return withoutLog(applyLog(database, log));
}

function applyLog(database: Buffer, log: Buffer): Buffer {
  if (log.length < WAL_HEADER || (log.readUInt32BE(0) & ~1) >>> 0 !== MAGIC) return database;
  const isBigEndian = (log.readUInt32BE(0) & 1) === 1;
  const size = log.readUInt32BE(8);
  let sums = checksum(log.subarray(0, 24), isBigEndian, [0, 0]);
  if (!matches(log, 24, sums)) return database;
  const salt = log.subarray(16, 24);
  const pending = new Map<number, Buffer>();
  const pages = new Map<number, Buffer>();
  let pageCount: number | null = null;
  for (let at = WAL_HEADER; at + FRAME_HEADER + size <= log.length; at += FRAME_HEADER + size) {
    const page = log.subarray(at + FRAME_HEADER, at + FRAME_HEADER + size);
    sums = checksum(page, isBigEndian, checksum(log.subarray(at, at + 8), isBigEndian, sums));
    if (!log.subarray(at + 8, at + 16).equals(salt) || !matches(log, at + 16, sums)) break;
    pending.set(log.readUInt32BE(at), page);
    const committed = log.readUInt32BE(at + 4);
    if (committed === 0) continue;
    pageCount = committed;
    for (const [number, content] of pending) pages.set(number, content);
    pending.clear();
  }
  if (pageCount === null) return database;
  const image = Buffer.alloc(pageCount * size);
  database.copy(image, 0, 0, Math.min(database.length, image.length));
  for (const [number, content] of pages) if (number <= pageCount) content.copy(image, (number - 1) * size);
  return image;
}

/** The same database as one that keeps no log: memory has no place for one. */
function withoutLog(database: Buffer): Buffer {
  const image = Buffer.from(database);
  if (image.length > 20) for (const offset of FORMAT_VERSIONS) image[offset] = 1;
  return image;
}

type Sums = readonly [number, number];

function checksum(data: Buffer, isBigEndian: boolean, from: Sums): Sums {
  let [first, second] = from;
  for (let at = 0; at + 8 <= data.length; at += 8) {
    const a = isBigEndian ? data.readUInt32BE(at) : data.readUInt32LE(at);
    const b = isBigEndian ? data.readUInt32BE(at + 4) : data.readUInt32LE(at + 4);
    first = (first + a + second) >>> 0;
    second = (second + b + first) >>> 0;
  }
  return [first, second];
}

function matches(log: Buffer, at: number, [first, second]: Sums): boolean {
  return log.readUInt32BE(at) === first && log.readUInt32BE(at + 4) === second;
}
