/** Reading a dump: plain SQL as it is, the archives of `pg_dump -Fc`, `-Fd` and `-Ft` through `pg_restore`, which writes them as SQL to a pipe. */
import { spawn } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PalindromeError } from '../../core/errors.ts';

export interface DumpText {
  readonly text: string;
  /** Major version of the database it was made from; null where it does not say. */
  readonly major: string | null;
}

/** A JavaScript string holds about 512 MB. */
const MOST_BYTES = 400_000_000;
const TAR_MAGIC = { at: 257, text: 'ustar' };

/** Reads a dump. Throws `dataset-not-found`, `dataset-not-a-dump`, `dataset-truncated`, `dataset-too-large` or `pg-restore-failed`. */
export async function readDump(path: string, shownAs: string): Promise<DumpText> {
  const form = await formOf(path, shownAs);
  const text = form === 'archive' ? await restoreToText(path, shownAs) : await readFile(path, 'utf8');
  if (text.includes('\0')) throw notADump(shownAs, 'it holds bytes that no SQL text does');
  const major = /^-- Dumped from database version (\d+)/m.exec(text.slice(0, 4_000))?.[1] ?? null;
  const isByPgDump = /^-- PostgreSQL database dump/m.test(text.slice(0, 4_000));
  if (isByPgDump && !text.slice(-4_000).includes('-- PostgreSQL database dump complete')) {
    throw new PalindromeError(
      'dataset-truncated',
      `${shownAs} ends before its end: pg_dump closes a dump with a line that is not there.`,
      {
        hint: 'Make the dump again, or copy it again; nothing of it was used.',
      },
    );
  }
  return { text: text.replace(/^\uFEFF/, ''), major };
}

async function formOf(path: string, shownAs: string): Promise<'text' | 'archive'> {
  let head: Buffer;
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      if (await isFile(join(path, 'toc.dat'))) return 'archive';
      throw notADump(shownAs, 'it is a folder without the toc.dat of pg_dump -Fd');
    }
    if (found.size > MOST_BYTES) throw tooLarge(shownAs);
    head = await readHead(path);
  } catch (error) {
    if (error instanceof PalindromeError) throw error;
    throw new PalindromeError('dataset-not-found', `The dataset ${shownAs} cannot be read: ${messageOf(error)}`, {
      hint: 'Give the path of a dump, or a URL; relative paths start where the command runs.',
      cause: error,
    });
  }
  if (head.toString('latin1', 0, 5) === 'PGDMP') return 'archive';
  if (head.toString('latin1', TAR_MAGIC.at, TAR_MAGIC.at + TAR_MAGIC.text.length) === TAR_MAGIC.text) return 'archive';
  if (head.toString('latin1', 0, 15) === 'SQLite format 3')
    throw notADump(shownAs, 'it is a SQLite database, and the migrations are for PostgreSQL');
  if (head.length === 0) throw notADump(shownAs, 'it is empty');
  return 'text';
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Nothing is written to disk on the way. */
async function restoreToText(path: string, shownAs: string): Promise<string> {
  const child = spawn('pg_restore', ['--no-owner', '--no-privileges', '-f', '-', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: Buffer[] = [];
  let length = 0;
  let complaint = '';
  child.stdout.on('data', (part: Buffer) => {
    length += part.length;
    if (length > MOST_BYTES) child.kill();
    else parts.push(part);
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => (complaint += part.slice(0, 2_000)));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('close', resolve);
  });
  if (length > MOST_BYTES) throw tooLarge(shownAs);
  if (code === 0) return Buffer.concat(parts).toString('utf8');
  const isMissing = code === 'ENOENT';
  throw new PalindromeError(
    'pg-restore-failed',
    isMissing
      ? `${shownAs} is an archive of pg_dump, and there is no pg_restore here to read it.`
      : `pg_restore cannot read ${shownAs}: ${complaint.trim().split('\n')[0] ?? ''}`,
    {
      hint: isMissing
        ? 'Install PostgreSQL’s client programs, or make the dump as plain SQL: pg_dump without -F.'
        : 'An archive is read by a pg_restore that is not older than the pg_dump that made it.',
    },
  );
}

function tooLarge(shownAs: string): PalindromeError {
  return new PalindromeError('dataset-too-large', `${shownAs} is larger than ${MOST_BYTES / 1_000_000} MB.`, {
    hint: 'Give the URL of the database, or of a replica: of large tables only a part is read.',
  });
}

/** The error for a file that is something else. */
export function notADump(shownAs: string, why: string): PalindromeError {
  return new PalindromeError('dataset-not-a-dump', `${shownAs} is no dump: ${why}.`, {
    hint: 'PostgreSQL: what pg_dump writes, or a URL. SQLite: a database file, or what .dump writes.',
  });
}
