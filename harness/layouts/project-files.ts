/**
 * What the project around a set says of its database: the configuration of its tools, in the set's folder and a few above it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Folders looked into: the set's own and this many above. */
const LEVELS_ABOVE = 4;

interface Source {
  readonly file: string;
  /** The first group is the name of a database. */
  readonly pattern: RegExp;
}

const SOURCES: readonly Source[] = [
  { file: 'schema.prisma', pattern: /\bdatasource\s+\w+\s*\{[^}]*\bprovider\s*=\s*"(\w+)"/ },
  ...['ts', 'js', 'mts', 'mjs', 'json'].map((ending) => ({
    file: `drizzle.config.${ending}`,
    pattern: /\bdialect["']?\s*:\s*["'](\w+)["']/,
  })),
  ...['sqlc.yaml', 'sqlc.yml', 'sqlc.json'].map((file) => ({
    file,
    pattern: /\bengine["']?\s*:\s*["']?(\w+)/,
  })),
  { file: 'dbconfig.yml', pattern: /^\s+dialect:\s*["']?(\w+)/m },
  { file: 'diesel.toml', pattern: /^\s*(sqlite)_integer_primary_key_is_bigint\s*=/m },
];

/** The nearest file that names a database, and the name as it stands there; null if none does or two of one folder disagree. */
export function databaseOfProject(folder: string): { readonly name: string; readonly file: string } | null {
  let at = folder;
  for (let level = 0; level <= LEVELS_ABOVE; level++) {
    const found = SOURCES.flatMap(({ file, pattern }) => {
      const name = pattern.exec(readIfThere(path.join(at, file)))?.[1];
      return name === undefined ? [] : [{ name, file }];
    });
    const [first] = found;
    if (first !== undefined) return found.every(({ name }) => name === first.name) ? first : null;
    if (path.dirname(at) === at) return null;
    at = path.dirname(at);
  }
  return null;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
