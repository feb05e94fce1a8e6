/** Finds every `PalindromeError` that the source makes: its code and its kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultKind } from '../../harness/core/errors.ts';
import { ROOT } from './markdown.ts';

export interface MadeError {
  readonly file: string;
  /** Empty where the text does not tell. */
  readonly codes: readonly string[];
  readonly kind: FaultKind;
}

const FOLDERS = ['harness', 'generators', 'properties', 'reports'];
/** A call that makes an error: its name, and what kind it makes where the call does not say. */
const MAKERS = [
  { call: /new PalindromeError\(/g, at: 0, kind: 'usage' },
  { call: /(?<!function )asEnvironmentFault\(/g, at: 1, kind: 'environment' },
  { call: /(?<=extends PalindromeError \{\s*constructor\([^)]*\) \{\s*)super\(/g, at: 0, kind: 'usage' },
] as const;

/**
 * Codes that reach a call as a value. Every other call names its code, or the test fails: a new helper has to be added here.
 * SQLite's engine process sends errors that were made elsewhere; its `complain` callbacks get their code from `splitStatements`.
 */
const INDIRECT: Readonly<Record<string, readonly string[]>> = {
  // What a worker was refused with comes back with the item's result.
  'harness/cli/queue/submit.ts': [],
  'harness/dialects/sqlite/engine-process.ts': [],
  'harness/dialects/sqlite/execute.ts': [],
  'harness/providers/faults.ts': [],
};

/** `complain('code', …)` of the SQLite dialect. */
const COMPLAINT = /\bcomplain\(\s*'([a-z-]+)'/g;

/** Every place of the source that makes an error. */
export function findMadeErrors(): readonly MadeError[] {
  return FOLDERS.flatMap((folder) => typeScriptFiles(folder)).flatMap((file) =>
    errorsIn(file, readFileSync(join(ROOT, file), 'utf8')),
  );
}

/** As `findMadeErrors`, in one file's text. */
export function errorsIn(file: string, text: string): readonly MadeError[] {
  const made = MAKERS.flatMap(({ call, at, kind }) =>
    [...text.matchAll(call)].map((match): MadeError => {
      const given = splitArguments(text, match.index + match[0].length);
      const isEnvironment = kind === 'environment' || /\bkind: 'environment'/.test(given.join(','));
      return { file, codes: codesOf(given[at] ?? ''), kind: isEnvironment ? 'environment' : 'usage' };
    }),
  );
  const complaints = [...text.matchAll(COMPLAINT)].map(([, code = '']): MadeError => ({
    file,
    codes: [code],
    kind: 'usage',
  }));
  const isForwarder = file in INDIRECT || complaints.length > 0;
  return [...made.filter(({ codes }) => codes.length > 0 || !isForwarder), ...complaints];
}

/** A literal, either side of a condition, or a role's template. */
function codesOf(argument: string): readonly string[] {
  if (argument === '`${role}-unreadable`') return ['set-unreadable', 'script-unreadable'];
  const chosen = /\?\s*'([a-z-]+)'\s*:\s*'([a-z-]+)'$/.exec(argument);
  if (chosen !== null) return [chosen[1] ?? '', chosen[2] ?? ''];
  const literal = /^'([a-z-]+)'$/.exec(argument)?.[1];
  return literal === undefined ? [] : [literal];
}

/** The arguments of a call, whose text starts behind the opening parenthesis. Quotes and templates may hold anything. */
function splitArguments(text: string, start: number): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === "'" || character === '`') at = endOfQuoted(text, at);
    else if ('([{'.includes(character)) depth++;
    else if (depth > 0 && ')]}'.includes(character)) depth--;
    else if (depth === 0 && ',)'.includes(character)) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
      if (character === ')') break;
    }
  }
  return parts;
}

function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (quote === '`' && text.startsWith('${', at)) depth++;
    else if (depth > 0 && text[at] === '}') depth--;
    else if (depth === 0 && text[at] === quote) return at;
  }
  return text.length;
}

function typeScriptFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .toSorted();
}
