/**
 * goose's own splitting of a file into statements, line by line: annotations, then semicolons at line ends.
 * Source: goose 3.27, `internal/sqlparser/parser.go`. A second grammar would run what goose does not.
 */
import { PalindromeError, placeAt } from '../core/errors.ts';
import type { Chunk, Direction } from '../core/migration.ts';
import { substituteVariables } from './environment.ts';
import type { Line } from './lines.ts';
import { StatementBuffer, endsWithSemicolon, splitLines } from './lines.ts';

export interface GooseScript {
  readonly statements: readonly Chunk[];
  readonly usesTransaction: boolean;
  /** Whether the file has a section for this direction. */
  readonly hasSection: boolean;
}

const ANNOTATIONS = [
  'up',
  'down',
  'statementbegin',
  'statementend',
  'no transaction',
  'envsub on',
  'envsub off',
] as const;
type Annotation = (typeof ANNOTATIONS)[number];

export interface GooseFile {
  readonly file: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The statements of one direction. Throws `script-markers` with the place of what goose refuses, `variable-missing` for ENVSUB. */
export function parseGoose(source: GooseFile, direction: Direction): GooseScript {
  const statements: Chunk[] = [];
  const buffer = new StatementBuffer();
  let section: Direction | null = null;
  let block: Line | null = null;
  let usesTransaction = true;
  let substitutes = false;
  let hasSection = false;

  for (const line of splitLines(source.text)) {
    switch (readAnnotation(source, line)) {
      case 'up':
        if (section !== null) throw fault(source, line.offset, 'A second `-- +goose Up`.');
        section = 'up';
        hasSection ||= direction === 'up';
        continue;
      case 'down':
        if (section !== 'up' || block !== null)
          throw fault(source, line.offset, 'A `-- +goose Down` must follow Up, once, outside of a block.');
        if (!buffer.isBlank) throw unfinished(source, buffer);
        buffer.clear();
        section = 'down';
        hasSection ||= direction === 'down';
        continue;
      case 'statementbegin':
        if (section === null || block !== null)
          throw fault(source, line.offset, 'A StatementBegin must stand after Up or Down, and not in another block.');
        block = line;
        continue;
      case 'statementend':
        if (block === null) throw fault(source, line.offset, 'A StatementEnd without its StatementBegin.');
        if (!buffer.isBlank) statements.push(buffer.take());
        buffer.clear();
        block = null;
        continue;
      case 'no transaction':
        usesTransaction = false;
        continue;
      case 'envsub on':
        substitutes = true;
        continue;
      case 'envsub off':
        substitutes = false;
        continue;
      case null:
        break;
    }
    if (buffer.isEmpty && (line.text.trim().startsWith('--') || line.text === '')) continue;
    if (section === null) {
      if (line.text.trim() === '') continue;
      throw fault(source, line.offset, 'SQL before `-- +goose Up`.');
    }
    if (section !== direction) continue;
    const text = substitutes ? substituteVariables(source, line) : line.text;
    buffer.add({ text, offset: line.offset });
    if (block === null && endsWithSemicolon(text)) statements.push(buffer.take());
  }

  if (section === null) throw fault(source, 0, 'No `-- +goose Up` in this file.');
  if (block !== null) throw fault(source, block.offset, 'This StatementBegin has no StatementEnd.');
  if (!buffer.isBlank) throw unfinished(source, buffer);
  return { statements, usesTransaction, hasSection };
}

function readAnnotation(source: GooseFile, { text, offset }: Line): Annotation | null {
  if (!text.trim().startsWith('--') || !text.includes('+goose')) return null;
  if (/^[ \t]/.test(text)) throw fault(source, offset, 'goose refuses an annotation with blanks before it.');
  const command = text.replaceAll('--', '').replace('+goose', '').trim();
  const known = ANNOTATIONS.find((annotation) => annotation === command.toLowerCase());
  if (known === undefined) throw fault(source, offset, `goose has no annotation \`${command}\`.`);
  return known;
}

function unfinished(source: GooseFile, buffer: StatementBuffer): PalindromeError {
  return fault(source, buffer.offset, 'This statement does not end: goose looks for a semicolon at the end of a line.');
}

function fault({ file, text }: GooseFile, offset: number, message: string): PalindromeError {
  return new PalindromeError('script-markers', message, {
    place: placeAt(file, text, offset),
    hint: 'goose: `-- +goose Up`, statements ending with `;`, then `-- +goose Down`; bodies with semicolons between StatementBegin and StatementEnd.',
  });
}
