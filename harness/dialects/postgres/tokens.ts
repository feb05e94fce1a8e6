/** The tokens of SQL by PostgreSQL's own scanner. */
import type { SqlToken } from '../../core/sql-token.ts';
import { scanTokens } from './grammar.ts';

const WORD = /^[\p{L}_][\p{L}\p{N}_$]*$/u;
const OPERATOR = /^[^\p{L}\p{N}_'"$]+$/u;

/** The tokens of one statement. Throws what the scanner throws at a string or comment that never ends. */
export async function tokenizeSql(text: string): Promise<readonly SqlToken[]> {
  const tokens: SqlToken[] = [];
  let bytes = 0;
  let at = 0;
  const offsetOf = (target: number): number => {
    while (bytes < target && at < text.length) {
      const point = text.codePointAt(at) ?? 0;
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      at += point > 0xffff ? 2 : 1;
    }
    return at;
  };
  for (const { start, end, tokenName } of await scanTokens(text)) {
    const from = offsetOf(start);
    const to = offsetOf(end);
    if (tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT') continue;
    tokens.push(tokenOf(tokenName, text.slice(from, to), from, to));
  }
  return tokens;
}

function tokenOf(name: string, text: string, start: number, end: number): SqlToken {
  if (name === 'SCONST' || name === 'USCONST') return { kind: 'string', value: text, start, end };
  if (name === 'ICONST' || name === 'FCONST') return { kind: 'number', value: text, start, end };
  if (WORD.test(text)) return { kind: 'word', value: text.toUpperCase(), start, end };
  if (text.startsWith('"')) return { kind: 'name', value: text, start, end };
  return { kind: OPERATOR.test(text) ? 'operator' : 'other', value: text, start, end };
}
