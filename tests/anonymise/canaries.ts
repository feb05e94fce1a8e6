/** Values that are planted in a source and must be found nowhere else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Words and numbers of `fixtures/staging-rows.sql` and `fixtures/risk-rows.sql`. Schema names hold none of them. */
const CANARIES = [
  'canary',
  'wilhelmina',
  'geheim',
  'secret-bank',
  'verschwiegen',
  'sekretna',
  'Тайный',
  'JBSWY3DPEHPK',
  'CNRY',
  '203.0.113.77',
  'ca7a',
  '104857600998877665544',
  '89370400440532013000',
  '918273.64554637',
  '837262.5',
  '7734501',
  '837261.504837',
  '918273.645546',
  '2023-04-05',
  '2025-03-04T05:06:07',
] as const;

/** The canaries in some texts. */
export function findCanaries(...texts: readonly string[]): readonly string[] {
  const all = texts.join('\n').toLowerCase();
  return CANARIES.filter((canary) => all.includes(canary.toLowerCase()));
}

/** Every file below a folder, as text. */
export async function readAll(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
}
