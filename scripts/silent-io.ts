/** A command line that nobody reads: for asking the program about itself. */
import type { Io } from '../harness/cli/io.ts';

export const SILENT_IO: Io = {
  out: () => undefined,
  err: () => undefined,
  isOutTty: false,
  isErrTty: false,
  ask: null,
  columns: null,
  env: {},
  cwd: '.',
  signal: new AbortController().signal,
  toolVersion: '0',
};
