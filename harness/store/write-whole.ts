import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PalindromeError } from '../core/errors.ts';

let written = 0;

/**
 * Writes a file whole or not at all, and onto the disk: a reader sees the old text or the new one, also after a crash. Several processes may
 * write the same name; the last one counts. Throws `store-write`.
 */
export async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `.${name}.${process.pid}.${++written}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storeFault(`Could not write ${name} in ${folder}`, error);
  }
}

/** The error of a store that cannot be written. */
export function storeFault(what: string, cause: unknown): PalindromeError {
  return new PalindromeError('store-write', `${what}: ${messageOf(cause)}`, {
    kind: 'environment',
    hint: 'Free some space, or give another folder with --store.',
    cause,
  });
}
