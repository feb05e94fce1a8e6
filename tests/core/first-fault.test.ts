import { describe, expect, it } from 'vitest';
import { firstFault, PalindromeError } from '../../harness/core/errors.ts';

function failingCleanup(name: string): AsyncDisposable & { readonly name: string } {
  return { name, [Symbol.asyncDispose]: () => Promise.reject(new Error(`cleanup of ${name}`)) };
}

/** What is thrown where the work fails and giving back each of two things fails too. */
async function failThrice(first: unknown): Promise<unknown> {
  try {
    await using outer = failingCleanup('outer');
    await using inner = failingCleanup('inner');
    expect([outer.name, inner.name]).toEqual(['outer', 'inner']);
    throw first;
  } catch (thrown) {
    return thrown;
  }
}

describe('the first fault', () => {
  it('should be what failed before the cleanups did', async () => {
    const first = new PalindromeError('server-lost', 'gone', { kind: 'environment' });
    const thrown = await failThrice(first);
    expect(thrown).not.toBe(first);
    expect(firstFault(thrown)).toBe(first);
  });

  it('should be anything that was thrown alone', () => {
    const alone = new Error('alone');
    expect([firstFault(alone), firstFault('text'), firstFault(undefined)]).toEqual([alone, 'text', undefined]);
  });
});
