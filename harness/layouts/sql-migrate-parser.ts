/**
 * sql-migrate's own splitting of a file, line by line. Source: sql-migrate 1.8, `sqlparse/sqlparse.go`.
 */
import { PalindromeError, placeAt } from '../core/errors.ts';
import type { Chunk, Direction } from '../core/migration.ts';
import type { Line } from './lines.ts';
import { StatementBuffer, endsWithSemicolon, splitLines } from './lines.ts';

export interface SqlMigrateSection {
  readonly statements: readonly Chunk[];
  readonly usesTransaction: boolean;
  readonly hasSection: boolean;
}

interface OpenSection {
  readonly statements: Chunk[];
  usesTransaction: boolean;
  hasSection: boolean;
}

const COMMAND = '-- +migrate ';

/** Both directions of a file. Throws `script-markers` with the place of what sql-migrate refuses. */
export function parseSqlMigrate(file: string, text: string): Readonly<Record<Direction, SqlMigrateSection>> {
  const sections: Record<Direction, OpenSection> = {
    up: { statements: [], usesTransaction: true, hasSection: false },
    down: { statements: [], usesTransaction: true, hasSection: false },
  };
  const fault = (offset: number, message: string): PalindromeError =>
    new PalindromeError('script-markers', message, {
      place: placeAt(file, text, offset),
      hint: 'sql-migrate: `-- +migrate Up`, statements ending with `;`, then `-- +migrate Down`; bodies with semicolons between StatementBegin and StatementEnd.',
    });
  const buffer = new StatementBuffer();
  let current: Direction | null = null;
  let block: Line | null = null;

  for (const line of splitLines(text)) {
    if (line.text.startsWith('-- ') && !line.text.startsWith('-- +')) continue;
    const [command = '', ...options] = line.text.startsWith(COMMAND) ? words(line.text.slice(COMMAND.length)) : [];
    if (line.text.startsWith(COMMAND) && command === '') throw fault(line.offset, 'A `-- +migrate` without a command.');
    if (command === 'Up' || command === 'Down') {
      if (!buffer.isBlank)
        throw fault(
          buffer.offset,
          'This statement does not end: sql-migrate looks for a semicolon at the end of a line.',
        );
      current = command === 'Up' ? 'up' : 'down';
      sections[current].hasSection = true;
      if (options.includes('notransaction')) sections[current].usesTransaction = false;
    }
    if (current === null) continue;
    if (command === 'StatementBegin') block = line;
    if (!line.text.startsWith('-- +')) buffer.add(line);
    const isBlockEnd = command === 'StatementEnd' && block !== null;
    if (command === 'StatementEnd') block = null;
    if (isBlockEnd || (block === null && endsWithSemicolon(line.text))) {
      const { statements } = sections[current];
      if (buffer.isBlank) buffer.clear();
      else statements.push(buffer.take());
    }
  }

  if (block !== null) throw fault(block.offset, 'This StatementBegin has no StatementEnd.');
  if (current === null) throw fault(0, 'No `-- +migrate Up` or `-- +migrate Down` in this file.');
  if (!buffer.isBlank)
    throw fault(buffer.offset, 'This statement does not end: sql-migrate looks for a semicolon at the end of a line.');
  return sections;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
