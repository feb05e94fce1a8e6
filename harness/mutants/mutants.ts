/**
 * Mutants: the user's own scripts, each with one mistake of the kind that people make. Whether their properties notice is what
 * `palindrome mutate` measures.
 *
 * An operator (`operator.ts`, `operators/`) finds the places where its mistake could have been made; `edits.ts` makes the change on the
 * text, so that a person reads it as a diff; `choose.ts` takes a spread sample. The folder imports core alone, runs nothing, and knows
 * SQL as tokens that the dialect gives. Its one invariant: a mutant differs from its original in the places that its site names and
 * nowhere else.
 */
import type { Dialect } from '../core/dialect.ts';
import { shortId } from '../core/hash.ts';
import type { Direction, Migration, Script } from '../core/migration.ts';
import type { SqlToken } from '../core/sql-token.ts';
import { mutateScript } from './edits.ts';
import type { Operator, ParsedScript, ParsedStatement } from './operator.ts';
import { COLUMN_OPERATORS } from './operators/columns.ts';
import { CONDITION_OPERATORS } from './operators/conditions.ts';
import { CONSTRAINT_OPERATORS } from './operators/constraints.ts';
import { STATEMENT_OPERATORS } from './operators/statements.ts';

/** All operators; specific ones first: of two that make the same change, the first names it. */
export const OPERATORS: readonly Operator[] = [
  ...CONSTRAINT_OPERATORS,
  ...COLUMN_OPERATORS,
  ...CONDITION_OPERATORS,
  ...STATEMENT_OPERATORS,
];

/** A migration with one mistake in one of its scripts. */
export interface Mutant {
  /** The same for the same change of the same file. */
  readonly id: string;
  readonly operator: Operator;
  readonly direction: Direction;
  /** The changed statement's number in its script, from 1. */
  readonly statement: number;
  /** Line of the first change in the original file, from 1. */
  readonly line: number;
  readonly what: string;
  readonly original: Script;
  readonly migration: Migration;
}

/** Splits and scans a script. `statements` are those of its chunks, with places in its text. */
export async function parseScript(
  script: Script,
  direction: Direction,
  dialect: Dialect,
  statements: Awaited<ReturnType<Dialect['split']>>,
): Promise<ParsedScript> {
  const parsed: ParsedStatement[] = [];
  for (const [index, { offset, text, command }] of statements.entries()) {
    const tokens = shift(await dialect.tokenize(text), offset);
    const bodies = dialect.name === 'postgres' ? await bodiesIn(script.text, tokens, dialect) : [];
    parsed.push({ number: index + 1, command, start: offset, end: offset + text.length, tokens, bodies });
  }
  return { script, direction, dialect: dialect.name, statements: parsed };
}

async function bodiesIn(text: string, tokens: readonly SqlToken[], dialect: Dialect): Promise<(readonly SqlToken[])[]> {
  const bodies: (readonly SqlToken[])[] = [];
  for (const { kind, start, end } of tokens) {
    if (kind !== 'string') continue;
    const quote = /^\$[^$]*\$/.exec(text.slice(start, end))?.[0];
    if (quote === undefined) continue;
    const body = text.slice(start + quote.length, end - quote.length);
    // A body in a language that is not SQL may not scan: then nothing is changed inside it.
    const inner = await dialect.tokenize(body).catch(() => []);
    bodies.push(shift(inner, start + quote.length));
  }
  return bodies;
}

function shift(tokens: readonly SqlToken[], by: number): readonly SqlToken[] {
  return tokens.map((token) => ({ ...token, start: token.start + by, end: token.end + by }));
}

/** Every mutant of one script of a migration; no two with the same text. */
export function findMutants(migration: Migration, script: ParsedScript): readonly Mutant[] {
  const seen = new Set([script.script.text]);
  return OPERATORS.filter(
    ({ directions, dialects }) => directions.includes(script.direction) && dialects.includes(script.dialect),
  ).flatMap((operator) =>
    operator.find(script).flatMap((site): Mutant[] => {
      const original = script.script;
      const mutated = mutateScript(original, site.edits);
      if (seen.has(mutated.text)) return [];
      seen.add(mutated.text);
      const first = Math.min(...site.edits.map(({ start }) => start));
      return [
        {
          id: shortId(JSON.stringify([migration.name, script.direction, mutated.text])),
          operator,
          direction: script.direction,
          statement: site.statement.number,
          line: original.text.slice(0, first).split('\n').length,
          what: site.what,
          original,
          migration: { ...migration, [script.direction]: mutated },
        },
      ];
    }),
  );
}
