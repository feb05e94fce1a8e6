/**
 * The port for migration tools: how a folder is read, and how each script would be executed.
 */
import type { DialectName, LayoutName, MigrationSet } from './migration.ts';

export interface Layout {
  readonly name: LayoutName;
  /**
   * Whether `files` (paths below the folder, forward slashes, sorted) look like this layout's. Higher is surer; 0: no.
   * `peek` reads the head of a file.
   */
  detect(files: readonly string[], peek: (file: string) => string): number;
  /** Reads the folder. Throws `PalindromeError` with a place for what the layout's tool would refuse. */
  read(request: ReadRequest): Promise<MigrationSet>;
}

export interface ReadRequest {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** The same as shown to people: relative to where the command ran. */
  readonly shownAs: string;
  readonly dialect: DialectName;
  readonly files: readonly string[];
  /** Environment variables that a tool puts into scripts (goose's ENVSUB). Absent: none are set. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}
