import { readFileSync } from 'node:fs';

/** The version in package.json, found upwards from here: the sources and the build lie at different depths. */
export function readToolVersion(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
      const parsed = JSON.parse(text) as { readonly name?: string; readonly version?: string };
      if (parsed.name === 'palindrome' && parsed.version !== undefined) return parsed.version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
