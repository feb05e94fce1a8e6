/**
 * Declarations in comments: lines `-- palindrome: <verb> …` anywhere in a script. `docs/directives.md` is the grammar for people.
 * A directive goes on in the next comment line if that is indented by three blanks or more after its dashes.
 */
import { isDay } from '../core/acceptance.ts';
import type { Declarations } from '../core/declarations.ts';
import { NO_DECLARATIONS, mergeDeclarations } from '../core/declarations.ts';
import { PalindromeError, placeAt } from '../core/errors.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { findBecause, readColumnPath, readWord } from './directive-text.ts';

/** A directive as found: its text with continuation lines joined, and where each character came from. */
interface Directive {
  readonly text: string;
  /** Offset in the script of the character at this index of `text`. */
  readonly offsetOf: (index: number) => number;
}

interface Parsed {
  readonly directive: Directive;
  readonly file: string;
  readonly script: string;
}

/** What one verb takes, for messages and for the table in the documentation. */
export const DIRECTIVE_FORMS = {
  lossy: 'lossy <table.column> [where <sql>] because <text>',
  irreversible: 'irreversible because <text>',
  precondition: 'precondition <sql> because <text>',
  map: 'map <table.column> = <sql> [because <text>]',
  rows: 'rows <table | *> because <text>',
  claims: 'claims idempotent',
  rerun: 'rerun <refuse | idempotent>',
  ignore: 'ignore <property | *> because <text>',
  waive: 'waive <property>[/<clause>] [on <object>] until <YYYY-MM-DD> because <text>',
  dialect: 'dialect <postgres | sqlite>',
} as const;

type Verb = keyof typeof DIRECTIVE_FORMS;

const OPENING = /^[ \t]*--[ \t]*palindrome:[ \t]*(.*)$/i;
const CONTINUATION = /^[ \t]*--(?:[ ]{3,}|[ ]*\t[ \t]*)(\S.*)$/;

/** Every declaration in a script. Throws `directive-invalid` with the place of what is not understood. */
export function parseDirectives(file: string, script: string): Declarations {
  if (!/palindrome:/i.test(script)) return NO_DECLARATIONS;
  return findDirectives(script)
    .map((directive) => parseDirective({ directive, file, script }))
    .reduce<Declarations>(mergeDeclarations, NO_DECLARATIONS);
}

function findDirectives(script: string): Directive[] {
  const found: { pieces: { text: string; offset: number }[] }[] = [];
  let current: { pieces: { text: string; offset: number }[] } | null = null;
  let lineStart = 0;
  for (const rawLine of script.split('\n')) {
    const line = rawLine.replace(/\r$/, '');
    const opening = OPENING.exec(line)?.[1];
    const continuation = current === null ? undefined : CONTINUATION.exec(line)?.[1];
    if (opening !== undefined) {
      current = { pieces: [{ text: opening.trimEnd(), offset: lineStart + line.length - opening.length }] };
      found.push(current);
    } else if (continuation !== undefined) {
      const offset = lineStart + line.length - continuation.length;
      current?.pieces.push({ text: continuation.trimEnd(), offset });
    } else current = null;
    lineStart += rawLine.length + 1;
  }
  return found.map(({ pieces }) => joinPieces(pieces));
}

function joinPieces(pieces: readonly { readonly text: string; readonly offset: number }[]): Directive {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length + 1;
  }
  const offsetOf = (index: number): number => {
    const at = starts.findLastIndex((start) => start <= index);
    return (pieces[at]?.offset ?? 0) + index - (starts[at] ?? 0);
  };
  return { text: pieces.map((piece) => piece.text).join(' '), offsetOf };
}

function parseDirective(parsed: Parsed): Declarations {
  const { word: verb, end } = readWord(parsed.directive.text, 0);
  switch (verb.toLowerCase()) {
    case 'lossy':
      return parseLossy(parsed, end);
    case 'irreversible':
      return { ...NO_DECLARATIONS, irreversible: { reason: requireReason(parsed, 'irreversible', end, true).reason } };
    case 'precondition': {
      const { head, headStart, reason } = requireReason(parsed, 'precondition', end);
      if (head === '')
        throw refuse(parsed, headStart, 'a query that returns the rows that may stop the migration', 'precondition');
      return { ...NO_DECLARATIONS, preconditions: [{ sql: head, reason }] };
    }
    case 'map':
      return parseMap(parsed, end);
    case 'rows': {
      const { head, headStart, reason } = requireReason(parsed, 'rows', end);
      const table = readColumnPath(head, 0);
      if (table === null || table.end !== head.length) throw refuse(parsed, headStart, 'one table, or *', 'rows');
      return { ...NO_DECLARATIONS, rowChanges: [{ table: table.path, reason }] };
    }
    case 'claims':
      return { ...NO_DECLARATIONS, claims: [requireChoice(parsed, 'claims', end, ['idempotent'])] };
    case 'rerun':
      return { ...NO_DECLARATIONS, rerun: requireChoice(parsed, 'rerun', end, ['refuse', 'idempotent']) };
    case 'ignore': {
      const { head, headStart, reason } = requireReason(parsed, 'ignore', end);
      if (head !== '*' && !PROPERTY_IDS.some((id) => id === head)) {
        throw refuse(parsed, headStart, `the id of a property (${PROPERTY_IDS.join(', ')}), or *`, 'ignore');
      }
      return { ...NO_DECLARATIONS, ignore: [{ property: head, reason }] };
    }
    case 'waive':
      return parseWaiver(parsed, end);
    case 'dialect':
      requireChoice(parsed, 'dialect', end, ['postgres', 'sqlite']);
      return NO_DECLARATIONS;
    default:
      throw unknownVerb(parsed, verb);
  }
}

function parseLossy(parsed: Parsed, from: number): Declarations {
  const { head, headStart, reason } = requireReason(parsed, 'lossy', from);
  const column = readColumnPath(head, 0);
  if (column === null || column.parts < 2)
    throw refuse(parsed, headStart, 'table.column, or table.* for whole rows', 'lossy');
  const rest = head.slice(column.end);
  if (rest.trim() === '') return { ...NO_DECLARATIONS, lossy: [{ column: column.path, where: 'true', reason }] };
  const where = /^\s+where\s+(\S.*)$/is.exec(rest)?.[1];
  if (where === undefined) {
    const stray = headStart + column.end + (rest.length - rest.trimStart().length);
    throw refuse(parsed, stray, '`where` and a condition, or `because` and a reason', 'lossy');
  }
  return { ...NO_DECLARATIONS, lossy: [{ column: column.path, where: where.trim(), reason }] };
}

function parseMap(parsed: Parsed, from: number): Declarations {
  const { head, headStart, reason } = splitReason(parsed, from);
  const column = readColumnPath(head, 0);
  if (column === null || column.parts < 2) throw refuse(parsed, headStart, 'table.column', 'map');
  const expression = /^\s*=\s*(\S.*)$/s.exec(head.slice(column.end))?.[1];
  if (expression === undefined) throw refuse(parsed, headStart + column.end, '`=` and an expression', 'map');
  return { ...NO_DECLARATIONS, maps: [{ column: column.path, as: expression.trim(), reason }] };
}

function parseWaiver(parsed: Parsed, from: number): Declarations {
  const { head, headStart, reason } = requireReason(parsed, 'waive', from);
  const match =
    /^(?<property>[^\s/]+)(?:\/(?<clause>\S+))?(?:\s+on\s+(?<object>\S.*?))?\s+until\s+(?<expires>\S+)$/is.exec(head);
  const { property, clause, object, expires } = match?.groups ?? {};
  const id = PROPERTY_IDS.find((known) => known === (property ?? readWord(head, 0).word.replace(/\/.*$/s, '')));
  if (id === undefined) throw refuse(parsed, headStart, `the id of a property (${PROPERTY_IDS.join(', ')})`, 'waive');
  if (expires === undefined) throw refuse(parsed, headStart + head.length, '`until` and a day as YYYY-MM-DD', 'waive');
  if (!isDay(expires))
    throw refuse(
      parsed,
      headStart + head.length - expires.length,
      'a day as YYYY-MM-DD that the calendar has',
      'waive',
    );
  const { line } = placeAt(parsed.file, parsed.script, parsed.directive.offsetOf(0));
  const waiver = {
    property: id,
    clause: clause ?? null,
    object: object ?? null,
    reason,
    expires,
    owner: null,
    from: `${parsed.file}:${line}`,
  };
  return { ...NO_DECLARATIONS, waivers: [waiver] };
}

interface WithReason {
  /** What stands between the verb and `because`, trimmed. */
  readonly head: string;
  /** Where that begins in the directive's text. */
  readonly headStart: number;
  readonly reason: string;
}

function splitReason({ directive }: Parsed, from: number): Omit<WithReason, 'reason'> & { reason: string | undefined } {
  const because = findBecause(directive.text, from);
  const headEnd = because?.start ?? directive.text.length;
  const raw = directive.text.slice(from, headEnd);
  const reason = because === null ? undefined : directive.text.slice(because.end).trim();
  return {
    head: raw.trim(),
    headStart: from + (raw.length - raw.trimStart().length),
    reason: reason === '' ? undefined : reason,
  };
}

function requireReason(parsed: Parsed, verb: Verb, from: number, isAlone = false): WithReason {
  const { head, headStart, reason } = splitReason(parsed, from);
  if (isAlone && head !== '') throw refuse(parsed, headStart, '`because` and a reason', verb);
  if (reason === undefined) throw refuse(parsed, parsed.directive.text.length, '`because` and a reason', verb);
  return { head, headStart, reason };
}

function requireChoice<const Choice extends string>(
  parsed: Parsed,
  verb: Verb,
  from: number,
  choices: readonly Choice[],
): Choice {
  const text = parsed.directive.text;
  const { word, start, end } = readWord(text, from);
  const choice = choices.find((candidate) => candidate === word.toLowerCase());
  if (choice === undefined) throw refuse(parsed, start, choices.map((name) => `\`${name}\``).join(' or '), verb);
  if (text.slice(end).trim() !== '') throw refuse(parsed, readWord(text, end).start, 'nothing more', verb);
  return choice;
}

function refuse(parsed: Parsed, at: number, expected: string, verb: Verb): PalindromeError {
  return invalid(
    parsed,
    at,
    `The directive \`${verb}\` needs ${expected} here.`,
    `Write: -- palindrome: ${DIRECTIVE_FORMS[verb]}`,
  );
}

function unknownVerb(parsed: Parsed, verb: string): PalindromeError {
  const verbs = `The verbs are ${Object.keys(DIRECTIVE_FORMS).join(', ')}.`;
  return invalid(parsed, 0, verb === '' ? 'A directive without a verb.' : `There is no directive \`${verb}\`.`, verbs);
}

function invalid({ directive, file, script }: Parsed, at: number, message: string, hint: string): PalindromeError {
  return new PalindromeError('directive-invalid', message, {
    place: placeAt(file, script, directive.offsetOf(at)),
    hint,
  });
}
