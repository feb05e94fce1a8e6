/** Runs the command line in this process: the same program, with streams that are kept. Quicker than a process where none is needed. */
import { makeProgram } from '../../harness/cli/program.ts';
import { styleFor, type Io } from '../../harness/cli/io.ts';
import { describeError, exitCodeOf } from '../../harness/cli/print-error.ts';
import type { Finished } from './run-cli.ts';

/** As `runCli`; `signal` interrupts it as Ctrl-C does. */
export async function runHere(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Finished> {
  let out = '';
  let err = '';
  let code = 0;
  const io: Io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isOutTty: false,
    isErrTty: false,
    ask: null,
    columns: null,
    env,
    cwd,
    signal,
    toolVersion: '0.0.0',
  };
  try {
    await makeProgram(io, (given) => (code = given)).parseAsync([...args], { from: 'user' });
  } catch (thrown) {
    code = exitCodeOf(thrown);
    err += `${describeError(thrown, styleFor(io, null), false).join('\n')}\n`;
  }
  return { code, out, err };
}
