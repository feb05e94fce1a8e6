/** Broken cursors: what clients send that kept, cut or made one up. */

/** Cursors that no pager made, from one that it did; each once. */
export function garble(cursor: string): readonly string[] {
  const half = cursor.slice(0, Math.max(1, Math.floor(cursor.length / 2)));
  const broken = [
    // Nothing at all.
    '',
    // Cut off on the way.
    half,
    // Base64 of something else, with and without a shape.
    encode('{"page":2}'),
    encode('something else'),
    // Of another pager, whose key is one number, or three texts.
    encode('[7]'),
    encode('["a","b","c"]'),
    // Another encoding altogether.
    '-1',
    '\u{1F937}',
  ];
  return [...new Set(broken)].filter((each) => each !== cursor);
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
