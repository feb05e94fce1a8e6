/** One failure of the past as a test: what `palindrome replay --promote` writes calls it. */
import { test } from 'vitest';
import { replay, type LiteralCase } from './replay-library.ts';

/** A case, and how long its test may take. */
export interface RegressionOptions extends LiteralCase {
  /** Milliseconds. Two minutes where it is absent. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 120_000;

/**
 * Registers a test that passes where the property holds for exactly these rows. It fails where it does not, and also where nothing could be said:
 * the migration is gone, or the schema before it no longer takes the rows.
 */
export function regression({ timeoutMs = TIMEOUT_MS, ...options }: RegressionOptions): void {
  const { migrations, migration, property, clause, object } = options;
  const what = object === undefined || object === '' ? '' : ` of ${object}`;
  test(`${migrations} > ${migration} > ${property}/${clause}${what}`, { timeout: timeoutMs }, async () => {
    const { status, reason } = await replay(options);
    if (status === 'fixed') return;
    const error = new Error(status === 'still-fails' ? reason : `${status}: ${reason}`);
    error.name = 'MigrationFailure';
    error.stack = `${error.name}: ${error.message}`;
    throw error;
  });
}
