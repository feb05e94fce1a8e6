import { describe, expect, it } from 'vitest';
import { chooseBoundaries, findOpenBoundaries } from '../../harness/core/interruption.ts';
import { ledgerTimingOf } from '../../harness/core/tool.ts';
import { GOLANG_MIGRATE, GOOSE, PRISMA } from '../../harness/layouts/tools.ts';

function chunks(...texts: readonly (readonly string[])[]): readonly (readonly { readonly text: string }[])[] {
  return texts.map((chunk) => chunk.map((text) => ({ text })));
}

describe('the boundaries of a script', () => {
  it('should all be points where each statement commits alone', () => {
    const open = findOpenBoundaries(chunks(['CREATE TABLE a (n int)', 'DROP TABLE b']), 'autocommit', true);
    expect(chooseBoundaries(open)).toEqual({ boundaries: [1, 2], represented: 0 });
  });

  it('should be stood for by the last before a commit where a transaction is open', () => {
    const own = chunks(['BEGIN', 'CREATE TABLE a (n int)', 'SAVEPOINT s', 'ROLLBACK TO s', 'COMMIT', 'DROP TABLE b']);
    expect(chooseBoundaries(findOpenBoundaries(own, 'autocommit', true))).toEqual({
      boundaries: [4, 5, 6],
      represented: 3,
    });
  });

  it('should end with the one before and the one after the commit of the tool', () => {
    const open = findOpenBoundaries(chunks(['CREATE TABLE a (n int)', 'DROP TABLE b']), 'wrapped', true);
    expect(chooseBoundaries(open)).toEqual({ boundaries: [2, 3], represented: 1 });
  });

  it('should take a call of several statements for one transaction where the dialect does', () => {
    const calls = chunks(['CREATE TABLE a (n int)', 'DROP TABLE b'], ['DROP TABLE c']);
    expect(chooseBoundaries(findOpenBoundaries(calls, 'implicit', true)).boundaries).toEqual([1, 2, 3]);
    expect(chooseBoundaries(findOpenBoundaries(calls, 'implicit', false)).boundaries).toEqual([1, 2, 3]);
    expect(findOpenBoundaries(calls, 'implicit', true)).toEqual([false, true, false, false]);
    expect(findOpenBoundaries(calls, 'implicit', false)).toEqual([false, false, false, false]);
  });
});

describe('the ledger of a tool', () => {
  it('should learn of a script when the tool records it', () => {
    expect(ledgerTimingOf(GOOSE, { transaction: 'wrapped' }, 'up')).toBe('with-script');
    expect(ledgerTimingOf(GOOSE, { transaction: 'implicit' }, 'up')).toBe('after-script');
    expect(ledgerTimingOf(GOLANG_MIGRATE, { transaction: 'wrapped' }, 'down')).toBe('around-script');
    expect(ledgerTimingOf(PRISMA, { transaction: 'implicit' }, 'up')).toBe('around-script');
    expect(ledgerTimingOf(PRISMA, { transaction: 'implicit' }, 'down')).toBe('none');
  });
});
