/**
 * Line-wise reading for the tools that split SQL by lines.
 */
import type { Chunk } from '../core/migration.ts';

export interface Line {
  /** Without its line end; a carriage return before the line feed belongs to the line end, as in Go's scanner. */
  readonly text: string;
  /** Offset of its first character. */
  readonly offset: number;
}

export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    const end = feed === -1 ? text.length : feed;
    lines.push({ text: text.slice(at, end).replace(/\r$/, ''), offset: at });
    at = end + 1;
  }
  return lines;
}

/** Whether the last word before a `--` comment ends with a semicolon: how goose and sql-migrate find a statement's end. */
export function endsWithSemicolon(line: string): boolean {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const comment = words.findIndex((word) => word.startsWith('--'));
  const last = comment === -1 ? words.at(-1) : words[comment - 1];
  return last?.endsWith(';') ?? false;
}

/** Collects the lines of one statement. */
export class StatementBuffer {
  private lines: Line[] = [];

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  /** Whether nothing but blanks is in it. */
  get isBlank(): boolean {
    return this.lines.every((line) => line.text.trim() === '');
  }

  /** Offset of the first character that is no blank; of the first line if there is none. */
  get offset(): number {
    const line = this.lines.find(({ text }) => text.trim() !== '') ?? this.lines[0];
    return line === undefined ? 0 : line.offset + (line.text.length - line.text.trimStart().length);
  }

  /** `text` may differ from what stands in the file at `offset`. */
  add(line: Line): void {
    this.lines.push(line);
  }

  clear(): void {
    this.lines = [];
  }

  /** The statement so far, trimmed, with `\n` as line end; the buffer is empty after it. */
  take(): Chunk {
    const chunk = {
      text: this.lines
        .map(({ text }) => text)
        .join('\n')
        .trim(),
      offset: this.offset,
    };
    this.clear();
    return chunk;
  }
}
