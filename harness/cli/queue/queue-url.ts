import { PalindromeError } from '../../core/errors.ts';

const VARIABLE = 'PALINDROME_QUEUE';

/** The queue that a flag or `PALINDROME_QUEUE` names. Throws `queue-not-given`. */
export function requireQueueUrl(
  flag: string | true | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const given = typeof flag === 'string' ? flag : (env[VARIABLE] ?? '');
  if (given !== '') return given;
  throw new PalindromeError('queue-not-given', 'No queue was given.', {
    hint: `Give --queue the postgres:// URL of a database that all machines reach, or set ${VARIABLE}.`,
  });
}
