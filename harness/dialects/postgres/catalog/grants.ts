/**
 * Privileges in words.
 */
import { compareText } from '../../../core/text.ts';

const PRIVILEGES: Readonly<Record<string, string>> = {
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  m: 'MAINTAIN',
  X: 'EXECUTE',
  U: 'USAGE',
  C: 'CREATE',
  c: 'CONNECT',
  T: 'TEMPORARY',
  s: 'SET',
  A: 'ALTER SYSTEM',
};

interface Grant {
  readonly grantee: string;
  readonly letters: string;
  readonly grantor: string;
}

/**
 * Turns access control items (one a line, then a form feed, then the items that hold by default) into
 * `alice: INSERT, SELECT (grant option); PUBLIC: USAGE`. Null where they say what holds by default anyway.
 * A grantor is named where it is not the owner.
 */
export function readGrants(raw: string): string | null {
  const [items = [], byDefault = []] = raw.split('\f').map(sortedItems);
  if (items.join('\n') === byDefault.join('\n')) return null;
  if (items.length === 0) return 'none';
  const owner = byDefault[0] === undefined ? null : parseGrant(byDefault[0]).grantor;
  return items
    .map((item) => describeGrant(parseGrant(item), owner))
    .toSorted(compareText)
    .join('; ');
}

function sortedItems(list: string): readonly string[] {
  return list
    .split('\n')
    .filter((item) => item !== '')
    .toSorted(compareText);
}

function parseGrant(item: string): Grant {
  const found = /^("(?:[^"]|"")*"|[^=]*)=([A-Za-z*]*)\/(.*)$/s.exec(item);
  return { grantee: found?.[1] ?? item, letters: found?.[2] ?? '', grantor: found?.[3] ?? '' };
}

function describeGrant({ grantee, letters, grantor }: Grant, owner: string | null): string {
  const privileges = [...letters.matchAll(/([A-Za-z])(\*?)/g)]
    .map(([, letter = '', star]) => (PRIVILEGES[letter] ?? letter) + (star === '*' ? ' (grant option)' : ''))
    .toSorted(compareText);
  const by = owner === null || grantor === owner ? '' : `, granted by ${grantor}`;
  return `${grantee === '' ? 'PUBLIC' : grantee}: ${privileges.join(', ')}${by}`;
}
