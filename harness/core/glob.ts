import picomatch from 'picomatch';

/**
 * Whether `text` matches a shell pattern: `*` any characters, `?` one, `{a,b}` either, `[0-9]` one of a set (`[!…]` none of it).
 * A pattern without any of these also matches as a prefix that ends where a name's part ends: `0002` matches `0002_add_lots`.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (!/[*?{[]/u.test(pattern)) return text === pattern || text.startsWith(`${pattern}_`);
  return picomatch.isMatch(text, pattern, { dot: true, noextglob: true });
}
