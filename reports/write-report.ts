import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PalindromeError } from '../harness/core/errors.ts';

/**
 * Writes a report whole or not at all: where it fails (disk full, no permission), an older report in its place stays as it was.
 * A link is followed. A device or a pipe (`/dev/stdout`, `/dev/null`) is written to, never replaced.
 * Throws `report-not-written` of kind `environment`.
 */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const target = await realpath(file).catch(() => file);
    const found = await stat(target).catch(() => null);
    if (found === null || found.isFile()) await replaceFile(target, text);
    else await writeFile(target, text);
  } catch (cause) {
    throw new PalindromeError('report-not-written', `The report could not be written to ${file}: ${messageOf(cause)}`, {
      kind: 'environment',
      hint: 'A report that was there before is unchanged. Make room or name another file.',
      cause,
    });
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause;
  }
}
