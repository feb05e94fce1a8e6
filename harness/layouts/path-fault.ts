import { PalindromeError, messageOf } from '../core/errors.ts';

/** What a path was expected to be. */
export type PathRole = 'set' | 'script';

const NOUN = { set: 'folder', script: 'file' } as const;

/**
 * The error of the file system for a path, as a `PalindromeError`: `<role>-not-found` or `script-missing`,
 * `set-not-a-folder`, and `<role>-unreadable` (kind `environment`) for permissions, link loops and the rest.
 */
export function pathFault(thrown: unknown, shownAs: string, role: PathRole): PalindromeError {
  const noun = NOUN[role];
  const options = { cause: thrown } as const;
  switch (codeOf(thrown)) {
    case 'ENOENT':
      return new PalindromeError(
        role === 'set' ? 'set-not-found' : 'script-missing',
        `There is no ${noun} ${shownAs}.`,
        {
          ...options,
          hint: 'Check the path: it is relative to where the command runs. A symbolic link may point nowhere.',
        },
      );
    case 'ENOTDIR':
      return notAFolder(shownAs);
    case 'EISDIR':
      return new PalindromeError('script-unreadable', `${shownAs} is a folder, and a file should be there.`, options);
    case 'EACCES':
    case 'EPERM':
      return new PalindromeError(`${role}-unreadable`, `No permission to read the ${noun} ${shownAs}.`, {
        ...options,
        kind: 'environment',
        hint: `Give this user the right to read it (${role === 'set' ? 'r and x' : 'r'} on the ${noun}, x on the folders above).`,
      });
    case 'ELOOP':
      return new PalindromeError(`${role}-unreadable`, `${shownAs} is a symbolic link that leads back to itself.`, {
        ...options,
        kind: 'environment',
        hint: 'Remove the link, or point it at a real file.',
      });
    default:
      return new PalindromeError(`${role}-unreadable`, `Cannot read the ${noun} ${shownAs}: ${messageOf(thrown)}`, {
        ...options,
        kind: 'environment',
      });
  }
}

/** A path that exists but is no folder. */
export function notAFolder(shownAs: string): PalindromeError {
  return new PalindromeError('set-not-a-folder', `${shownAs} is a file, and a folder of migrations is needed.`, {
    hint: 'Give the folder that the file is in; `--only` picks single migrations.',
  });
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
