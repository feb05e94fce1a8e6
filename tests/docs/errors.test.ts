/** `docs/errors.md` has every code that the source can throw, with its exit code. */
import { expect, it } from 'vitest';
import { errorsIn, findMadeErrors } from './error-codes.ts';
import { readDoc, tableRows } from './markdown.ts';

const made = findMadeErrors();
const documented = tableRows(readDoc('docs/errors.md'), 'code');

it('should find the code of every error that the source makes', () => {
  expect(made.length).toBeGreaterThan(80);
  expect(made.filter(({ codes }) => codes.length === 0)).toEqual([]);
});

it('should name each code of the source once, with the exit code of its kind', () => {
  const exits = new Map<string, Set<string>>();
  for (const { codes, kind } of made)
    for (const code of codes) exits.set(code, (exits.get(code) ?? new Set()).add(kind === 'usage' ? '2' : '3'));
  const wanted = [...exits].map(([code, found]) => `${code}: ${[...found].toSorted().join(', ')}`);
  expect(documented.map(([code, exit]) => `${code}: ${exit}`).toSorted()).toEqual(wanted.toSorted());
});

it('should say of each what it means and what to do', () => {
  expect(documented.filter((row) => row.length !== 4 || row.some((cell) => cell === ''))).toEqual([]);
});

it.each([
  ["throw new PalindromeError('a-b', `x (${y('}')}, z`);", [['a-b'], 'usage']],
  ["new PalindromeError(\n 'a-b',\n 'x',\n { kind: 'environment', hint: ')' },\n)", [['a-b'], 'environment']],
  ["new PalindromeError(is(a) ? 'a' : 'b', 'x')", [['a', 'b'], 'usage']],
  ["throw asEnvironmentFault(error, 'a-b', 'x')", [['a-b'], 'environment']],
  ['new PalindromeError(code, text)', [[], 'usage']],
])('should read %s', (text, [codes, kind]) => {
  expect(errorsIn('x.ts', text)).toEqual([{ file: 'x.ts', codes, kind }]);
});
