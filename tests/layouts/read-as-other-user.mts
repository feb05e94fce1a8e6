/** Reads the set in the given folder and prints the error it ends with, for a test of permissions. */
import { PalindromeError } from '../../harness/core/errors.ts';
import { readSet } from '../../harness/layouts/read-set.ts';

try {
  await readSet({ folder: process.argv[2] ?? '', shownAs: 'db/set', layout: null, dialect: 'postgres' });
  process.stdout.write(JSON.stringify({ code: null }));
} catch (thrown) {
  if (!(thrown instanceof PalindromeError)) throw thrown;
  process.stdout.write(JSON.stringify({ code: thrown.code, kind: thrown.kind, message: thrown.message }));
}
