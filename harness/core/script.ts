/** SQL of the harness in the form of a script. */
import { sha256 } from './hash.ts';
import type { Script } from './migration.ts';

/** A script that belongs to no file, run statement by statement. */
export function scriptOf(text: string): Script {
  return { file: 'palindrome', text, sha256: sha256(text), transaction: 'autocommit', chunks: [{ text, offset: 0 }] };
}
