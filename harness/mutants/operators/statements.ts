/** Whole statements that are forgotten, lost, or committed too early. */
import { cut } from '../edits.ts';
import type { Edit } from '../edits.ts';
import type { Operator, ParsedScript, ParsedStatement, Site } from '../operator.ts';
import { hasWords, isWord, itemSpan, spanOf, tableParts } from '../sql-shape.ts';

const BOTH = ['postgres', 'sqlite'] as const;
/** What frames a script or sets up its session is not what a migration is about. */
const FRAME =
  /^(BEGIN|START TRANSACTION|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|PRAGMA|LOCK|LOCK TABLE|COMMENT|ANALYZE|SELECT|SHOW|EXPLAIN)\b/;

function isFrame({ command }: ParsedStatement): boolean {
  return FRAME.test(command);
}

function isValidation({ command, tokens }: ParsedStatement): boolean {
  return (
    command === 'ALTER TABLE' &&
    tokens.some((token, at) => isWord(token, 'VALIDATE') && isWord(tokens[at + 1], 'CONSTRAINT'))
  );
}

/** Takes a statement and its semicolon out. */
function cutStatement({ script }: ParsedScript, { start, end }: ParsedStatement): Edit {
  const semicolon = /^\s*;/.exec(script.text.slice(end))?.[0].length ?? 0;
  return cut(script.text, start, end + semicolon);
}

function nameOf({ script }: ParsedScript, { start, end, command }: ParsedStatement): string {
  const words = script.text.slice(start, end).replaceAll(/\s+/g, ' ');
  return words.length <= 60 ? words : `${words.slice(0, Math.max(command.length, 57))}…`;
}

function dropEach(script: ParsedScript, wanted: (statement: ParsedStatement) => boolean): readonly Site[] {
  return script.statements
    .filter((statement) => !isFrame(statement) && wanted(statement))
    .map((statement) => ({
      statement,
      edits: [cutStatement(script, statement)],
      what: `leaves out ${nameOf(script, statement)}`,
    }));
}

const dropStatement: Operator = {
  id: 'drop-statement',
  mistake: 'A statement was forgotten, or lost in a merge.',
  directions: ['up'],
  dialects: BOTH,
  touches: 'data',
  find: (script) => dropEach(script, (statement) => !isValidation(statement)),
};

const dropUndo: Operator = {
  id: 'drop-undo',
  mistake: 'The down was not kept in step: one thing that the up does is not undone.',
  directions: ['down'],
  dialects: BOTH,
  touches: 'data',
  find: (script) => dropEach(script, () => true),
};

const emptyDown: Operator = {
  id: 'empty-down',
  mistake: 'The down is a placeholder that nobody filled in.',
  directions: ['down'],
  dialects: BOTH,
  touches: 'data',
  find(script) {
    const doing = script.statements.filter((statement) => !isFrame(statement));
    const [statement] = doing;
    if (statement === undefined || doing.length < 2) return [];
    return [{ statement, edits: doing.map((each) => cutStatement(script, each)), what: 'leaves the down empty' }];
  },
};

const leaveUnvalidated: Operator = {
  id: 'leave-unvalidated',
  mistake: 'A constraint was added NOT VALID and never validated.',
  directions: ['up', 'down'],
  dialects: ['postgres'],
  touches: 'schema',
  find: (script) => [
    ...(script.direction === 'up' ? dropEach(script, isValidation) : []),
    ...script.statements.flatMap((statement) => {
      const { tokens, end } = statement;
      const parts = tableParts(statement);
      const [part] = parts;
      if (part === undefined || statement.command !== 'ALTER TABLE' || part.kind !== 'constraint' || parts.length > 1)
        return [];
      const words = tokens.slice(part.range.from);
      const isChecked = words.some((token) => isWord(token, 'CHECK', 'FOREIGN'));
      if (!isChecked || words.some((token, at) => isWord(token, 'NOT') && isWord(words[at + 1], 'VALID'))) return [];
      return [{ statement, edits: [{ start: end, end, text: ' NOT VALID' }], what: 'adds the constraint NOT VALID' }];
    }),
  ],
};

const dropAction: Operator = {
  id: 'drop-action',
  mistake: 'One of several changes of an ALTER TABLE was left out.',
  directions: ['up', 'down'],
  dialects: ['postgres'],
  touches: 'data',
  find: ({ script, statements }) =>
    statements
      .filter(({ command }) => command === 'ALTER TABLE')
      .flatMap((statement) =>
        tableParts(statement).flatMap(({ whole, siblings }) => {
          const span = itemSpan(statement.tokens, whole, siblings);
          const { start, end } = spanOf(statement.tokens, whole);
          if (span === null) return [];
          const what = `leaves out ${script.text.slice(start, end).replaceAll(/\s+/g, ' ').slice(0, 60)}`;
          return [{ statement, edits: [cut(script.text, span.start, span.end)], what }];
        }),
      ),
};

const commitEarly: Operator = {
  id: 'commit-early',
  mistake: 'The transaction ends before the last statement, so that a failure leaves half a migration.',
  directions: ['up', 'down'],
  dialects: BOTH,
  touches: 'schema',
  find(script) {
    return script.statements.flatMap((statement, at) => {
      const before = script.statements[at - 1];
      if (!isCommit(statement) || before === undefined || isFrame(before)) return [];
      const { text } = script.script;
      const commit = text.slice(statement.start, statement.end);
      const indent = /[ \t]*$/.exec(text.slice(0, before.start))?.[0] ?? '';
      return [
        {
          statement,
          edits: [
            { start: before.start, end: before.start, text: `${commit};\n${indent}` },
            cutStatement(script, statement),
          ],
          what: 'commits before the last statement',
        },
      ];
    });
  },
};

function isCommit({ command, tokens }: ParsedStatement): boolean {
  return command === 'COMMIT' || hasWords(tokens, 0, 'END');
}

export const STATEMENT_OPERATORS = [
  dropStatement,
  dropUndo,
  emptyDown,
  leaveUnvalidated,
  dropAction,
  commitEarly,
] as const;
