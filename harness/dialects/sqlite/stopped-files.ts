/**
 * What a crash, or a copy made at the wrong moment, does to the files of a database that nobody has open
 * (https://www.sqlite.org/fileformat.html#the_write_ahead_log).
 */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { StopStorage } from '../../core/interruption.ts';
import { goOnWithCopy } from './files.ts';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const PAGE_SIZE_AT = 8;

/** Brings the files into the state that is asked for. Returns why that is not possible; null: it was. */
export function damageFiles(file: string, storage: StopStorage): string | null {
  const log = `${file}-wal`;
  if (storage === 'copy-without-log') {
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    return null;
  }
  if (storage === 'copy-in-the-middle') {
    goOnWithCopy(file);
    return null;
  }
  if (storage !== 'torn-log' && storage !== 'shortened-log') return null;
  const frame = frameBytes(log);
  if (frame === null) return 'the log held nothing that could be torn, and stayed as it was';
  const { size } = statSync(log);
  truncateSync(log, size - (storage === 'torn-log' ? Math.floor(frame / 2) : frame));
  return null;
}

/** The length of a frame with its page; null where the log has none. */
function frameBytes(log: string): number | null {
  if (!existsSync(log)) return null;
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(log, 'r');
  try {
    if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return null;
  } finally {
    closeSync(file);
  }
  const frame = FRAME_HEADER_BYTES + header.readUInt32BE(PAGE_SIZE_AT);
  return statSync(log).size >= HEADER_BYTES + frame ? frame : null;
}
