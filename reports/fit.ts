/** Text that fits: widths are columns of a terminal, not characters. Input has no colour codes; paint after fitting. */
import stringWidth from 'string-width';

const PLAIN = /^[ -~]*$/;

/** Columns that the text takes. Most texts are plain; those that are not cost an expression over all of Unicode, compiled on its first use. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** Fills with blanks to `width` columns; longer text stays as it is. */
export function padTo(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** Cuts to `width` columns at a character boundary, ending in `ellipsis` where anything was cut. */
export function cutTo(text: string, width: number, ellipsis: string): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = widthOf(ellipsis);
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept + ellipsis;
}

/** Breaks prose at blanks into lines of at most `width` columns; a word longer than that gets a line of its own, uncut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** Wraps prose behind a head, with later lines indented to stand under the first: `  ? rest of the text`. */
export function hang(head: string, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(widthOf(head));
  return wrap(text, Math.max(20, width - indent.length)).map((line, index) => (index === 0 ? head : indent) + line);
}

/** `1234567` as `1,234,567`. */
export function groupDigits(n: number): string {
  return String(n).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function showDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
