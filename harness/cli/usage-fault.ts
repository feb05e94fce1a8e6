import { PalindromeError } from '../core/errors.ts';

/** The command line itself was wrong: exit code 2. */
export class UsageFault extends PalindromeError {
  constructor(message: string, hint: string | null) {
    super('command-line', message, { kind: 'usage', ...(hint === null ? {} : { hint }) });
  }
}
