import { PalindromeError, messageOf } from '../core/errors.ts';

/** What went wrong while a server was made, as an environment error: one that already says so stays as it is. */
export function asEnvironmentFault(error: unknown, code: string, what: string): PalindromeError {
  if (error instanceof PalindromeError) return error;
  return new PalindromeError(code, `${what}: ${messageOf(error)}`, {
    kind: 'environment',
    hint: 'Run `palindrome doctor`. Free some space if a disk is full; set TMPDIR or XDG_CACHE_HOME if a folder cannot be written to.',
    cause: error,
  });
}
