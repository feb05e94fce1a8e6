/** Conditions and values that are a little off. */
import { cut, replace } from '../edits.ts';
import type { Operator, ParsedScript, ParsedStatement, Site } from '../operator.ts';
import {
  conditionsIn,
  conjunctsOf,
  hasWords,
  isMark,
  isWord,
  itemsOf,
  closeOf,
  spanOf,
  written,
} from '../sql-shape.ts';
import type { Condition, Tokens } from '../sql-shape.ts';

const BOTH = ['postgres', 'sqlite'] as const;
const UP_AND_DOWN = ['up', 'down'] as const;
const WRITES =
  /^(INSERT|UPDATE|DELETE|REPLACE|MERGE|SELECT|WITH|DO|CREATE (FUNCTION|PROCEDURE|TRIGGER|VIEW|MATERIALIZED|OR)|CALL)/;

/** Every list of tokens of a script, with its statement. */
function eachTokens(
  { statements }: ParsedScript,
  find: (tokens: Tokens, statement: ParsedStatement) => readonly Omit<Site, 'statement'>[],
): readonly Site[] {
  return statements.flatMap((statement) =>
    [statement.tokens, ...statement.bodies].flatMap((tokens) =>
      find(tokens, statement).map((site) => ({ ...site, statement })),
    ),
  );
}

/** The conditions that decide which rows are written or allowed; those of an index have an operator of their own. */
function ownConditions(tokens: Tokens, { command, tokens: own }: ParsedStatement): readonly Condition[] {
  const isIndex = command.startsWith('CREATE') && own.slice(0, 3).some((token) => isWord(token, 'INDEX'));
  return isIndex ? [] : conditionsIn(tokens);
}

const dropWhere: Operator = {
  id: 'drop-where',
  mistake: 'The WHERE was forgotten: every row is taken.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens, statement) =>
      ownConditions(tokens, statement)
        .filter(({ opener, from, to }) => opener === 'WHERE' && to > from)
        .map(({ at, to }) => {
          const { start, end } = spanOf(tokens, { from: at, to });
          return {
            edits: [cut(script.script.text, start, end)],
            what: `drops ${shorten(script.script.text.slice(start, end))}`,
          };
        }),
    ),
};

const dropConjunct: Operator = {
  id: 'drop-condition-part',
  mistake: 'One part of a condition was forgotten, in a WHERE, a CHECK or a join.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens, statement) =>
      ownConditions(tokens, statement).flatMap((condition) => {
        const parts = conjunctsOf(tokens, condition);
        if (parts.length < 2) return [];
        return parts.map((part, index) => {
          const range = index === 0 ? { from: part.from, to: part.to + 1 } : { from: part.from - 1, to: part.to };
          const { start, end } = spanOf(tokens, range);
          const own = spanOf(tokens, part);
          return {
            edits: [cut(script.script.text, start, end)],
            what: `drops ${shorten(script.script.text.slice(own.start, own.end))} from a condition`,
          };
        });
      }),
    ),
};

const BOUNDS: Readonly<Record<string, string>> = { '>=': '>', '<=': '<', '>': '>=', '<': '<=' };

const shiftBound: Operator = {
  id: 'shift-bound',
  mistake: 'A bound is taken in that should be left out, or the other way round.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens) =>
      tokens.flatMap((token) => {
        const other = token.kind === 'operator' ? BOUNDS[token.value] : undefined;
        return other === undefined
          ? []
          : [{ edits: [replace(token, other)], what: `turns ${token.value} into ${other}` }];
      }),
    ),
};

const negate: Operator = {
  id: 'negate-condition',
  mistake: 'A condition says the opposite of what was meant.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens, statement) => {
      const positions = new Set(
        ownConditions(tokens, statement).flatMap(({ from, to }) =>
          Array.from({ length: to - from }, (_, index) => from + index),
        ),
      );
      return [...positions].toSorted((a, b) => a - b).flatMap((at) => negated(script.script.text, tokens, at));
    }),
};

function negated(text: string, tokens: Tokens, at: number): readonly Omit<Site, 'statement'>[] {
  const token = tokens[at];
  const next = tokens[at + 1];
  if (token === undefined) return [];
  if (isMark(token, '=')) return [{ edits: [replace(token, '<>')], what: 'turns = into <>' }];
  if (isMark(token, '<>', '!=')) return [{ edits: [replace(token, '=')], what: `turns ${token.value} into =` }];
  if (isWord(token, 'IS') && isWord(next, 'NULL'))
    return [{ edits: [replace(token, 'IS NOT')], what: 'turns IS NULL into IS NOT NULL' }];
  if (isWord(token, 'NOT') && next !== undefined && isWord(tokens[at - 1], 'IS') && isWord(next, 'NULL'))
    return [{ edits: [{ start: token.start, end: next.start, text: '' }], what: 'turns IS NOT NULL into IS NULL' }];
  if (isWord(token, 'NOT') && next !== undefined && isWord(next, 'EXISTS', 'IN', 'LIKE', 'BETWEEN'))
    return [
      {
        edits: [{ start: token.start, end: next.start, text: '' }],
        what: `turns NOT ${written(text, next)} into ${written(text, next)}`,
      },
    ];
  if (isWord(token, 'OR')) return [{ edits: [replace(token, 'AND')], what: 'turns OR into AND' }];
  return [];
}

const shiftLiteral: Operator = {
  id: 'shift-literal',
  mistake: 'A number in a condition, a rounding or a value is off by one.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens, statement) => {
      const isData = WRITES.test(statement.command) || tokens !== statement.tokens;
      const checked = conditionsIn(tokens);
      return tokens.flatMap((token, at) => {
        if (token.kind !== 'number' || !/^\d+$/.test(token.value) || isOfType(tokens, at)) return [];
        if (!isData && !checked.some(({ from, to }) => at >= from && at < to)) return [];
        const other = String(BigInt(token.value) + 1n);
        return [{ edits: [replace(token, other)], what: `turns ${token.value} into ${other}` }];
      });
    }),
};

/** Whether a number belongs to a type, as in `numeric(12, 2)`. */
function isOfType(tokens: Tokens, at: number): boolean {
  let open = at - 1;
  if (isMark(tokens[open], ',')) open -= 2;
  return (
    isMark(tokens[open], '(') &&
    isWord(
      tokens[open - 1],
      'NUMERIC',
      'DECIMAL',
      'VARCHAR',
      'VARYING',
      'CHAR',
      'CHARACTER',
      'TIMESTAMP',
      'TIMESTAMPTZ',
      'TIME',
      'BIT',
      'INTERVAL',
    )
  );
}

const loseCoalesce: Operator = {
  id: 'lose-coalesce',
  mistake: 'NULL was not thought of.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens) =>
      tokens.flatMap((token, at) => {
        if (!isWord(token, 'COALESCE', 'IFNULL') || !isMark(tokens[at + 1], '(')) return [];
        const end = closeOf(tokens, at + 1);
        const [first] = itemsOf(tokens, { from: at + 2, to: end - 1 });
        if (first === undefined) return [];
        const inner = spanOf(tokens, first);
        const kept = script.script.text.slice(inner.start, inner.end);
        return [
          {
            edits: [replace(spanOf(tokens, { from: at, to: end }), kept)],
            what: `takes ${shorten(kept)} without its ${written(script.script.text, token)}`,
          },
        ];
      }),
    ),
};

const innerJoin: Operator = {
  id: 'lose-outer-join',
  mistake: 'Rows without a partner are lost: an outer join was written as an inner one.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'data',
  find: (script) =>
    eachTokens(script, (tokens) =>
      tokens.flatMap((token, at) => {
        const isOuter = isWord(tokens[at + 1], 'OUTER');
        const join = tokens[at + (isOuter ? 2 : 1)];
        if (!isWord(token, 'LEFT', 'FULL', 'RIGHT') || join === undefined || !isWord(join, 'JOIN')) return [];
        return [
          { edits: [{ start: token.start, end: join.start, text: '' }], what: `turns ${token.value} JOIN into JOIN` },
        ];
      }),
    ),
};

const loseGuard: Operator = {
  id: 'drop-guard',
  mistake: 'A guard that lets a script run again was forgotten.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: (script) =>
    eachTokens(script, (tokens) =>
      tokens.flatMap((_token, at) => {
        const width = hasWords(tokens, at, 'IF', 'NOT', 'EXISTS') ? 3 : hasWords(tokens, at, 'IF', 'EXISTS') ? 2 : 0;
        // IF … THEN of a procedure is a condition, not a guard of a statement.
        if (width === 0 || isMark(tokens[at + width], '(')) return conflictGuard(script.script.text, tokens, at);
        const { start, end } = spanOf(tokens, { from: at, to: at + width });
        return [
          { edits: [cut(script.script.text, start, end)], what: `drops ${script.script.text.slice(start, end)}` },
        ];
      }),
    ),
};

function conflictGuard(text: string, tokens: Tokens, at: number): readonly Omit<Site, 'statement'>[] {
  if (isWord(tokens[at], 'OR') && isWord(tokens[at + 1], 'IGNORE') && isWord(tokens[at - 1], 'INSERT')) {
    const { start, end } = spanOf(tokens, { from: at, to: at + 2 });
    return [{ edits: [cut(text, start, end)], what: 'drops OR IGNORE' }];
  }
  if (!hasWords(tokens, at, 'ON', 'CONFLICT')) return [];
  const nothing = tokens.findIndex((_token, position) => position > at && hasWords(tokens, position, 'DO', 'NOTHING'));
  if (nothing === -1) return [];
  const { start, end } = spanOf(tokens, { from: at, to: nothing + 2 });
  return [{ edits: [cut(text, start, end)], what: 'drops ON CONFLICT … DO NOTHING' }];
}

const loseCascade: Operator = {
  id: 'drop-cascade',
  mistake: 'A DROP without CASCADE fails where something depends on what it drops.',
  directions: UP_AND_DOWN,
  dialects: ['postgres'],
  touches: 'schema',
  find: ({ script: { text }, statements }) =>
    statements.flatMap((statement) => {
      const last = statement.tokens.at(-1);
      if (last === undefined || !isWord(last, 'CASCADE') || isWord(statement.tokens.at(-2), 'DELETE', 'UPDATE'))
        return [];
      if (!/^(DROP|ALTER|TRUNCATE)/.test(statement.command)) return [];
      return [{ statement, edits: [cut(text, last.start, last.end)], what: 'drops without CASCADE' }];
    }),
};

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 50 ? line : `${line.slice(0, 49)}…`;
}

export const CONDITION_OPERATORS = [
  dropWhere,
  dropConjunct,
  shiftBound,
  negate,
  shiftLiteral,
  loseCoalesce,
  innerJoin,
  loseGuard,
  loseCascade,
] as const;
