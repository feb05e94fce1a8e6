/** Constraints that are lost or become weaker. */
import { cut, replace } from '../edits.ts';
import type { Edit } from '../edits.ts';
import type { Operator, ParsedScript, ParsedStatement, Site } from '../operator.ts';
import { closeOf, hasWords, isMark, isWord, itemSpan, scanTo, spanOf, tableParts, written } from '../sql-shape.ts';
import type { Range, TablePart, Tokens } from '../sql-shape.ts';

const BOTH = ['postgres', 'sqlite'] as const;
const UP_AND_DOWN = ['up', 'down'] as const;

type ColumnConstraint = 'NOT NULL' | 'UNIQUE' | 'CHECK' | 'REFERENCES';

/** Where a column's constraint is in its definition, its name included; null: it has none. */
function columnConstraint(tokens: Tokens, { from, to }: Range, wanted: ColumnConstraint): Range | null {
  const first = wanted === 'NOT NULL' ? 'NOT' : wanted;
  const at = scanTo(
    tokens,
    from + 1,
    (position) => isWord(tokens[position], first) && isThat(tokens, position, wanted),
    to,
  );
  if (at >= to || !isWord(tokens[at], first)) return null;
  const named = isWord(tokens[at - 2], 'CONSTRAINT') ? at - 2 : at;
  return { from: named, to: Math.min(to, endOf(tokens, at, wanted, to)) };
}

function isThat(tokens: Tokens, at: number, wanted: ColumnConstraint): boolean {
  return wanted !== 'NOT NULL' || (isWord(tokens[at + 1], 'NULL') && !isWord(tokens[at - 1], 'IS'));
}

function endOf(tokens: Tokens, at: number, wanted: ColumnConstraint, limit: number): number {
  if (wanted === 'UNIQUE') return at + 1;
  if (wanted === 'NOT NULL') return at + 2;
  if (wanted === 'CHECK') return closeOf(tokens, at + 1);
  return endOfReference(tokens, at, limit);
}

/** Behind `REFERENCES t (…) MATCH … ON DELETE … DEFERRABLE …`. */
function endOfReference(tokens: Tokens, at: number, limit: number): number {
  let end = at + 2;
  while (isMark(tokens[end], '.')) end += 2;
  if (isMark(tokens[end], '(')) end = closeOf(tokens, end);
  for (;;) {
    if (end >= limit) return limit;
    if (isWord(tokens[end], 'MATCH')) end += 2;
    else if (isWord(tokens[end], 'ON') && isWord(tokens[end + 1], 'DELETE', 'UPDATE'))
      end += isWord(tokens[end + 2], 'SET', 'NO') ? 4 : 3;
    else if (isWord(tokens[end], 'DEFERRABLE')) end++;
    else if (hasWords(tokens, end, 'NOT', 'DEFERRABLE')) end += 2;
    else if (isWord(tokens[end], 'INITIALLY')) end += 2;
    else return end;
  }
}

function dropConstraint(
  script: ParsedScript,
  wanted: ColumnConstraint,
  ofTable: 'UNIQUE' | 'CHECK' | 'FOREIGN' | null,
): readonly Site[] {
  const { text } = script.script;
  return script.statements.flatMap((statement) =>
    tableParts(statement).flatMap((part): Site[] => {
      const { tokens } = statement;
      if (part.kind === 'column') {
        const range = columnConstraint(tokens, part.range, wanted);
        if (range === null) return [];
        const { start, end } = spanOf(tokens, range);
        return [
          {
            statement,
            edits: [cut(text, start, end)],
            what: `drops ${wanted} of ${written(text, tokens[part.range.from])}`,
          },
        ];
      }
      if (part.kind !== 'constraint' || ofTable === null || kindOf(tokens, part) !== ofTable) return [];
      const span = itemSpan(tokens, part.whole, part.siblings);
      if (span === null) return [];
      return [{ statement, edits: [cut(text, span.start, span.end)], what: `drops ${describe(text, tokens, part)}` }];
    }),
  );
}

function kindOf(tokens: Tokens, { range }: TablePart): string {
  const at = isWord(tokens[range.from], 'CONSTRAINT') ? range.from + 2 : range.from;
  return tokens[at]?.value ?? '';
}

function describe(text: string, tokens: Tokens, part: TablePart): string {
  if (isWord(tokens[part.range.from], 'CONSTRAINT')) return `constraint ${written(text, tokens[part.range.from + 1])}`;
  const { start, end } = spanOf(tokens, part.range);
  return text.slice(start, end).replaceAll(/\s+/g, ' ').slice(0, 50);
}

const dropNotNull: Operator = {
  id: 'drop-not-null',
  mistake: 'NOT NULL was forgotten.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: (script) => dropConstraint(script, 'NOT NULL', null),
};

const dropUnique: Operator = {
  id: 'drop-unique',
  mistake: 'A uniqueness that the application relies on was never declared.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: (script) => dropConstraint(script, 'UNIQUE', 'UNIQUE'),
};

const dropCheck: Operator = {
  id: 'drop-check',
  mistake: 'A CHECK was forgotten.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: (script) => dropConstraint(script, 'CHECK', 'CHECK'),
};

const dropReferences: Operator = {
  id: 'drop-references',
  mistake: 'A foreign key was forgotten.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: (script) => dropConstraint(script, 'REFERENCES', 'FOREIGN'),
};

const changeOnDelete: Operator = {
  id: 'change-on-delete',
  mistake: 'A foreign key acts otherwise when its parent goes: children vanish, or stand in the way.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: ({ script: { text }, statements }) =>
    statements
      .filter(({ command }) => /^(CREATE|ALTER) TABLE$/.test(command))
      .flatMap((statement) =>
        statement.tokens.flatMap((_token, at): Site[] => {
          const { tokens } = statement;
          if (!hasWords(tokens, at, 'ON', 'DELETE')) return [];
          const width = isWord(tokens[at + 2], 'SET', 'NO') ? 2 : 1;
          const action = spanOf(tokens, { from: at + 2, to: at + 2 + width });
          const old = text.slice(action.start, action.end).toUpperCase();
          const edit: Edit =
            old === 'CASCADE' ? cut(text, tokens[at]?.start ?? 0, action.end) : replace(action, 'CASCADE');
          return [
            {
              statement,
              edits: [edit],
              what: old === 'CASCADE' ? 'loses ON DELETE CASCADE' : `turns ON DELETE ${old} into CASCADE`,
            },
          ];
        }),
      ),
};

const indexNotUnique: Operator = {
  id: 'index-not-unique',
  mistake: 'A unique index was created as a plain one.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: ({ script: { text }, statements }) =>
    statements.flatMap((statement) => {
      const [create, unique] = statement.tokens;
      if (!isWord(create, 'CREATE') || unique === undefined || !isWord(unique, 'UNIQUE')) return [];
      return [{ statement, edits: [cut(text, unique.start, unique.end)], what: 'creates the index without UNIQUE' }];
    }),
};

const dropIndexPredicate: Operator = {
  id: 'drop-index-predicate',
  mistake: 'A partial index was created over the whole table.',
  directions: UP_AND_DOWN,
  dialects: BOTH,
  touches: 'schema',
  find: ({ script: { text }, statements }) =>
    statements.filter(isIndex).flatMap((statement) => {
      const where = statement.tokens.findLastIndex((token) => isWord(token, 'WHERE'));
      const start = statement.tokens[where]?.start;
      if (start === undefined) return [];
      return [{ statement, edits: [cut(text, start, statement.end)], what: 'creates the index without its WHERE' }];
    }),
};

function isIndex({ command, tokens }: ParsedStatement): boolean {
  return command.startsWith('CREATE') && tokens.slice(0, 3).some((token) => isWord(token, 'INDEX'));
}

export const CONSTRAINT_OPERATORS = [
  dropNotNull,
  dropUnique,
  dropCheck,
  dropReferences,
  changeOnDelete,
  indexNotUnique,
  dropIndexPredicate,
] as const;
