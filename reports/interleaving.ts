/** The drawing of an interleaving, as a terminal shows it. */
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** The lines, two columns in, in characters that the terminal has. */
export function drawInterleaving(lines: readonly string[], { glyphs }: Style): readonly string[] {
  const simple = (line: string): string =>
    line.replaceAll('│', glyphs.bar).replaceAll('─', glyphs.rule).replaceAll('┼', glyphs.cross);
  return lines.map((line) => (line === '' ? '' : `  ${simple(sanitize(line))}`));
}
