/**
 * Values with an inner structure: the structure stays, what stands in it is masked.
 */

/** Masks what stands at a leaf. */
export interface LeafMasks {
  text(text: string): string;
  number(text: string): string;
  /** Names of fields, which are structure unless they do not look like names. */
  name(text: string): string;
}

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]|\s+/gy;
const FIELD_NAME = /^[A-Za-z_$][A-Za-z_$-]{0,40}\d{0,2}$/;

/** The text of a JSON document with every string and number masked; null where it is none. Numbers are never parsed. */
export function maskJson(text: string, masks: LeafMasks): string | null {
  const tokens: string[] = [];
  JSON_TOKEN.lastIndex = 0;
  for (let match = JSON_TOKEN.exec(text); match !== null; match = JSON_TOKEN.exec(text)) {
    tokens.push(match[0]);
    if (JSON_TOKEN.lastIndex === text.length) break;
  }
  if (tokens.length === 0 || tokens.reduce((sum, token) => sum + token.length, 0) !== text.length) return null;
  return tokens.map((token, at) => maskToken(token, tokens, at, masks)).join('');
}

function maskToken(token: string, tokens: readonly string[], at: number, masks: LeafMasks): string {
  if (/^[-\d]/.test(token)) return masks.number(token);
  if (!token.startsWith('"')) return token;
  const inner = JSON.parse(token) as string;
  const isName = tokens.slice(at + 1).find((next) => next.trim() !== '') === ':';
  return JSON.stringify(isName ? maskName(inner, masks) : masks.text(inner));
}

function maskName(name: string, masks: LeafMasks): string {
  return FIELD_NAME.test(name) ? name : masks.name(name);
}

/** `"key"=>"value"` pairs: values masked. */
export function maskHstore(text: string, masks: LeafMasks): string {
  return text.replaceAll(
    /"((?:[^"\\]|\\.)*)"=>("(?:[^"\\]|\\.)*"|NULL)/gs,
    (_whole, key: string, value: string) =>
      `${quoteDouble(maskName(unquote(key), masks))}=>${value === 'NULL' ? value : quoteDouble(masks.text(unquote(value.slice(1, -1))))}`,
  );
}

/** The words of a tsvector or tsquery. */
export function maskLexemes(text: string, masks: LeafMasks): string {
  return text.replaceAll(
    /'((?:[^']|'')*)'/g,
    (_whole, word: string) => `'${masks.text(word.replaceAll("''", "'")).replaceAll("'", "''")}'`,
  );
}

/** Text between the tags of XML, and the values of attributes; comments are emptied. */
export function maskXml(text: string, masks: LeafMasks): string {
  return text
    .replaceAll(/<!--[\s\S]*?-->/g, '<!---->')
    .replaceAll(/(?<==\s*)("[^"]*"|'[^']*')(?=[^<]*>)/g, (value) => maskEntities(value, masks))
    .replaceAll(/(^|>)([^<]+)(?=<|$)/g, (_whole, before: string, inner: string) => before + maskEntities(inner, masks));
}

/** Entities stay: a masked one would be no entity. */
function maskEntities(text: string, masks: LeafMasks): string {
  return text
    .split(/(&[^;\s]+;)/)
    .map((part) => (part.startsWith('&') ? part : masks.text(part)))
    .join('');
}

/** Every number in a text, in order. */
export function maskNumbersIn(text: string, masks: LeafMasks): string {
  return text.replaceAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, (number) => masks.number(number));
}

/** PostgreSQL's array literal, of any depth: each element through `element`. */
export function maskArray(text: string, element: (inner: string) => string | null): string {
  const start = text.indexOf('{');
  // A prefix tells bounds other than 1: `[0:1]={…}`.
  return (
    text.slice(0, start) +
    text.slice(start).replaceAll(/"((?:[^"\\]|\\.)*)"|[^{},"]+/gs, (whole, quoted: string | undefined) => {
      if (quoted === undefined && whole.toUpperCase() === 'NULL') return whole;
      const masked = element(quoted === undefined ? whole : unquote(quoted));
      return masked === null ? 'NULL' : quoteDouble(masked);
    })
  );
}

/** PostgreSQL's composite literal: each field through `field`, which gets its position. */
export function maskComposite(text: string, field: (inner: string, position: number) => string | null): string {
  const fields: (string | null)[] = [];
  let current: string | null = null;
  for (const [token] of text.slice(1, -1).matchAll(/"(?:[^"\\]|\\.|"")*"|,|[^",]+/gs)) {
    if (token === ',') {
      fields.push(current);
      current = null;
    } else {
      const inner = token.startsWith('"') ? unquote(token.slice(1, -1)).replaceAll('""', '"') : token;
      current = (current ?? '') + inner;
    }
  }
  fields.push(current);
  const masked = fields.map((inner, position) => (inner === null ? null : field(inner, position)));
  return `(${masked.map((inner) => (inner === null ? '' : quoteDouble(inner))).join(',')})`;
}

/** The bounds of a range or multirange literal. */
export function maskBounds(text: string, bound: (inner: string) => string): string {
  if (text === 'empty' || text === '{}') return text;
  return text.replaceAll(/"((?:[^"\\]|\\.|"")*)"|[^[\](),{}"]+/gs, (whole, quoted: string | undefined) =>
    quoteDouble(bound(quoted === undefined ? whole : unquote(quoted).replaceAll('""', '"'))),
  );
}

function unquote(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

function quoteDouble(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}
