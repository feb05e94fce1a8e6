/** SQLite's spelling of conditions in words that PostgreSQL's grammar reads. */

const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|==|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\s+|./gsu;

const AFTER_IS = new Set(['NULL', 'TRUE', 'FALSE', 'DISTINCT', 'UNKNOWN']);

/**
 * Backticks and brackets become double quotes, `==` becomes `=`, GLOB and REGEXP become operators, and `a IS b` becomes
 * `a IS NOT DISTINCT FROM b`. Strings and quoted names stay as they are.
 */
export function spellForPostgres(sql: string): string {
  const tokens = sql.match(TOKEN) ?? [];
  const output: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const word = token.toUpperCase();
    if (token.startsWith('`')) output.push(`"${token.slice(1, -1).replaceAll('``', '`').replaceAll('"', '""')}"`);
    else if (token.startsWith('[')) output.push(`"${token.slice(1, -1).replaceAll('"', '""')}"`);
    else if (token === '==') output.push('=');
    else if (word === 'GLOB' || word === 'REGEXP') output.push(matchOperator(word, output));
    else if (word === 'IS') at = pushIs(tokens, at, output);
    else if (word === 'ISNULL') output.push('IS NULL');
    else if (word === 'NOTNULL') output.push('IS NOT NULL');
    else output.push(token);
  }
  return output.join('');
}

function matchOperator(word: string, output: string[]): string {
  const operator = word === 'GLOB' ? '~~~' : '~';
  const last = output.findLastIndex((token) => token.trim() !== '');
  if (output[last]?.toUpperCase() !== 'NOT') return operator;
  output.splice(last);
  return `!${operator}`;
}

/** Returns the index of the last token taken. */
function pushIs(tokens: readonly string[], at: number, output: string[]): number {
  const next = nextWord(tokens, at + 1);
  const isNegated = tokens[next]?.toUpperCase() === 'NOT';
  const subject = isNegated ? nextWord(tokens, next + 1) : next;
  if (AFTER_IS.has(tokens[subject]?.toUpperCase() ?? '')) {
    output.push('IS');
    return at;
  }
  output.push(isNegated ? 'IS DISTINCT FROM ' : 'IS NOT DISTINCT FROM ');
  return subject - 1;
}

function nextWord(tokens: readonly string[], from: number): number {
  let at = from;
  while (at < tokens.length && tokens[at]?.trim() === '') at += 1;
  return at;
}
