/** Columns with another default, a narrower type, or in another order. */
import { cut, replace } from '../edits.ts';
import type { Operator, ParsedStatement, Site } from '../operator.ts';
import { closeOf, hasWords, isMark, isWord, itemsOf, scanTo, spanOf, tableParts, written } from '../sql-shape.ts';
import type { Range, Tokens } from '../sql-shape.ts';

const BOTH = ['postgres', 'sqlite'] as const;
const UP_AND_DOWN = ['up', 'down'] as const;
const AFTER_DEFAULT = [
  'NOT',
  'NULL',
  'CONSTRAINT',
  'CHECK',
  'UNIQUE',
  'PRIMARY',
  'REFERENCES',
  'GENERATED',
  'COLLATE',
  'DEFERRABLE',
];

/** Defaults of column definitions: the word DEFAULT and its value. */
function defaultsIn(statement: ParsedStatement): readonly { readonly column: string; readonly range: Range }[] {
  const { tokens } = statement;
  return tableParts(statement).flatMap(({ kind, range }) => {
    if (kind !== 'column') return [];
    const at = scanTo(tokens, range.from + 1, (position) => isWord(tokens[position], 'DEFAULT'), range.to);
    if (at >= range.to || !isWord(tokens[at], 'DEFAULT')) return [];
    const first = isMark(tokens[at + 1], '(') ? closeOf(tokens, at + 1) : at + 2;
    const to = scanTo(tokens, first, (position) => isWord(tokens[position], ...AFTER_DEFAULT), range.to);
    return [{ column: tokens[range.from]?.value ?? '', range: { from: at, to } }];
  });
}

const dropDefault: Operator = {
  id: 'drop-default',
  mistake: 'A default was lost: rows that are there, or writers that rely on it, get NULL or an error.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: ({ script: { text }, statements }) =>
    statements.flatMap((statement) =>
      defaultsIn(statement).map(({ range }): Site => {
        const { start, end } = spanOf(statement.tokens, range);
        return { statement, edits: [cut(text, start, end)], what: `drops ${text.slice(start, end)}` };
      }),
    ),
};

const changeDefault: Operator = {
  id: 'change-default',
  mistake: 'The default is another value than was meant.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: ({ script: { text }, statements }) =>
    statements.flatMap((statement) =>
      defaultsIn(statement).flatMap(({ range }): Site[] => {
        const value = statement.tokens.slice(range.from + 1, range.to).find(({ kind }) => kind !== 'operator');
        const other = value === undefined ? null : otherValue(value.kind, value.value);
        if (value === undefined || other === null) return [];
        return [
          {
            statement,
            edits: [replace(value, other)],
            what: `makes the default ${other} instead of ${written(text, value)}`,
          },
        ];
      }),
    ),
};

function otherValue(kind: string, value: string): string | null {
  if (kind === 'number')
    return /^\d+$/.test(value)
      ? String(BigInt(value) + 1n)
      : value.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  if (kind === 'word' && value === 'TRUE') return 'FALSE';
  return kind === 'word' && value === 'FALSE' ? 'TRUE' : null;
}

const narrowType: Operator = {
  id: 'narrow-type',
  mistake: 'A type is a little too small: one decimal, one character, half the range, or the time zone is lost.',
  directions: UP_AND_DOWN,
  dialects: ['postgres'],
  touches: 'data',
  find: ({ script: { text }, statements }) =>
    statements.flatMap((statement) =>
      [statement.tokens, ...statement.bodies].flatMap((tokens) =>
        tokens.flatMap((_token, at): Site[] => {
          const found = narrower(tokens, at);
          if (found === null) return [];
          const { start, end } = spanOf(tokens, found.range);
          return [
            {
              statement,
              edits: [{ start, end, text: found.text }],
              what: `narrows ${text.slice(start, end)} to ${found.text}`,
            },
          ];
        }),
      ),
    ),
};

function narrower(tokens: Tokens, at: number): { readonly range: Range; readonly text: string } | null {
  const token = tokens[at];
  const one = { from: at, to: at + 1 };
  if (isWord(token, 'NUMERIC', 'DECIMAL') && isMark(tokens[at + 1], '(') && isMark(tokens[at + 3], ',')) {
    const scale = Number(tokens[at + 4]?.value);
    return scale > 0
      ? { range: { from: at, to: at + 6 }, text: `${token?.value}(${tokens[at + 2]?.value},${scale - 1})` }
      : null;
  }
  if (isWord(token, 'VARCHAR', 'CHAR', 'CHARACTER', 'VARYING') && isMark(tokens[at + 1], '(')) {
    const length = Number(tokens[at + 2]?.value);
    return length > 1 ? { range: { from: at, to: at + 4 }, text: `${token?.value}(${length - 1})` } : null;
  }
  if (isWord(token, 'BIGINT', 'INT8')) return { range: one, text: 'INTEGER' };
  if (isWord(token, 'TIMESTAMPTZ')) return { range: one, text: 'TIMESTAMP' };
  if (isWord(token, 'TIMESTAMP') && hasWords(tokens, at + 1, 'WITH', 'TIME', 'ZONE'))
    return { range: { from: at, to: at + 4 }, text: 'TIMESTAMP' };
  if (isWord(token, 'TIMESTAMP') && isMark(tokens[at + 1], '(') && tokens[at + 2]?.value !== '0')
    return { range: { from: at, to: at + 4 }, text: `${token?.value}(0)` };
  if (hasWords(tokens, at, 'DOUBLE', 'PRECISION')) return { range: { from: at, to: at + 2 }, text: 'REAL' };
  return null;
}

const swapColumns: Operator = {
  id: 'swap-columns',
  mistake: 'Two neighbours of a list changed places: columns of an INSERT … SELECT or an index, values of an UPDATE.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: ({ script: { text }, statements }) =>
    statements.flatMap((statement) =>
      [statement.tokens, ...statement.bodies].flatMap((tokens) =>
        listsIn(statement, tokens).flatMap((items) =>
          items.slice(1).flatMap((item, before): Site[] => {
            const left = spanOf(tokens, items[before] ?? item);
            const right = spanOf(tokens, item);
            const [one, other] = [text.slice(left.start, left.end), text.slice(right.start, right.end)];
            if (one === other) return [];
            const what = `swaps ${one.replaceAll(/\s+/g, ' ').slice(0, 40)} and ${other.replaceAll(/\s+/g, ' ').slice(0, 40)}`;
            return [{ statement, edits: [replace(left, other), replace(right, one)], what }];
          }),
        ),
      ),
    ),
};

/** Lists whose order matters: an INSERT's columns, an index's columns, the right sides of a SET. */
function listsIn(statement: ParsedStatement, tokens: Tokens): readonly (readonly Range[])[] {
  return tokens.flatMap((token, at): (readonly Range[])[] => {
    if (isWord(token, 'INTO') && isWord(tokens[at - 1], 'INSERT', 'REPLACE', 'IGNORE')) {
      const open = scanName(tokens, at + 1);
      return isMark(tokens[open], '(') ? [inside(tokens, open)] : [];
    }
    if (
      isWord(token, 'ON') &&
      statement.command.startsWith('CREATE') &&
      tokens.slice(0, 3).some((each) => isWord(each, 'INDEX'))
    ) {
      let open = scanName(tokens, isWord(tokens[at + 1], 'ONLY') ? at + 2 : at + 1);
      if (isWord(tokens[open], 'USING')) open += 2;
      return isMark(tokens[open], '(') ? [inside(tokens, open)] : [];
    }
    if (isWord(token, 'SET') && startsUpdate(tokens, at)) {
      const to = scanTo(
        tokens,
        at + 1,
        (position) => isMark(tokens[position], ';') || isWord(tokens[position], 'FROM', 'WHERE', 'RETURNING'),
      );
      const values = itemsOf(tokens, { from: at + 1, to }).flatMap((item) => {
        const equals = scanTo(tokens, item.from, (position) => isMark(tokens[position], '='), item.to);
        return equals < item.to - 1 ? [{ from: equals + 1, to: item.to }] : [];
      });
      return [values];
    }
    return [];
  });
}

function startsUpdate(tokens: Tokens, at: number): boolean {
  return tokens.slice(Math.max(0, at - 8), at).some((token) => isWord(token, 'UPDATE'));
}

function scanName(tokens: Tokens, at: number): number {
  let end = at + 1;
  while (isMark(tokens[end], '.')) end += 2;
  if (isWord(tokens[end], 'AS')) end += 2;
  return end;
}

function inside(tokens: Tokens, open: number): readonly Range[] {
  return itemsOf(tokens, { from: open + 1, to: closeOf(tokens, open) - 1 });
}

export const COLUMN_OPERATORS = [dropDefault, changeDefault, narrowType, swapColumns] as const;
