/**
 * Whether `text` matches a shell pattern: `*` any characters, `?` one, `{a,b}` either, `[0-9]` one of a set (`[!…]` none of it).
 * A pattern without any of these also matches as a prefix that ends where a name's part ends: `0002` matches `0002_add_lots`.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (!/[*?{[]/u.test(pattern)) return text === pattern || text.startsWith(`${pattern}_`);
  return new RegExp(`^(?:${translate(pattern)})$`, 'u').test(text);
}

function translate(pattern: string): string {
  let depth = 0;
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const set = char === '[' ? /^\[(!?)([^\]]+)\]/u.exec(pattern.slice(at)) : null;
    if (set !== null) {
      source += `[${set[1] === '!' ? '^' : ''}${(set[2] ?? '').replaceAll(/[\\\]^[]/gu, String.raw`\$&`)}]`;
      at += set[0].length - 1;
    } else if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (char === '{' && pattern.includes('}', at)) {
      depth++;
      source += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (char === ',' && depth > 0) source += '|';
    else source += char.replace(/[$()*+./?[\\\]^{|}]/u, String.raw`\$&`);
  }
  return source;
}
