/** What an operator is: a mistake that people make, and the places in a script where it could have been made. */
import type { DialectName, Direction, Script } from '../core/migration.ts';
import type { SqlToken } from '../core/sql-token.ts';
import type { Edit } from './edits.ts';

/** A statement with its tokens; every place is one in the script's text. */
export interface ParsedStatement {
  /** Counts from 1 within the script. */
  readonly number: number;
  /** As `Statement.command`. */
  readonly command: string;
  readonly start: number;
  /** Behind the last token; the semicolon comes after it. */
  readonly end: number;
  readonly tokens: readonly SqlToken[];
  /** The tokens of dollar-quoted bodies (`DO`, functions), a list for each. */
  readonly bodies: readonly (readonly SqlToken[])[];
}

export interface ParsedScript {
  readonly script: Script;
  readonly direction: Direction;
  readonly dialect: DialectName;
  readonly statements: readonly ParsedStatement[];
}

/** A place where an operator applies. */
export interface Site {
  readonly statement: ParsedStatement;
  /** Not empty; none overlaps another. */
  readonly edits: readonly Edit[];
  /** What the change does, beginning with a verb: `drops NOT NULL of email`. */
  readonly what: string;
}

export interface Operator {
  /** Stable, kebab-case. */
  readonly id: string;
  /** The mistake of people that it stands for, one sentence. */
  readonly mistake: string;
  /** The scripts it changes. */
  readonly directions: readonly Direction[];
  readonly dialects: readonly DialectName[];
  /** What it touches: the schema alone, or which rows are written and how. The latter may show on few rows only. */
  readonly touches: 'schema' | 'data';
  /** All places, in order of the text. */
  find(script: ParsedScript): readonly Site[];
}
