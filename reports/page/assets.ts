/** The style and the script of the page, which stand beside the sources and are put into it whole. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** The text of a file of this folder. The sources and the build lie at different depths. */
export function readAsset(name: 'page.css' | 'page.js'): string {
  const places = ['./', '../../../reports/page/'].map((up) => new URL(up + name, import.meta.url));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${name} is not part of this installation`);
  return readFileSync(found, 'utf8');
}

/** What allows this text, and nothing else, in a Content-Security-Policy. */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
