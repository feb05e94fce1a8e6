#!/usr/bin/env node
/**
 * The command line: the only place that ends the process, reads the process's streams, and composes the parts (`plan-sets.ts`).
 * Its one invariant: the process ends only after everything that a verb opened was disposed, or by the second Ctrl-C.
 */
import { setFlagsFromString } from 'node:v8';
import { CommanderError } from 'commander';
import { firstFault } from '../core/errors.ts';
import { watchInterrupts } from './interrupts.ts';
import { styleFor } from './io.ts';
import type { Io } from './io.ts';
import { describeError, exitCodeOf } from './print-error.ts';
import { makeProgram } from './program.ts';
import { guardStream } from './streams.ts';
import { UsageFault } from './usage-fault.ts';
import { readToolVersion } from './version.ts';

const ENVIRONMENT_FAILED = 3;
const MOST_CLEANUP_MS = 10_000;

// A run makes much garbage and keeps little. Left alone, the heap grows to several times what it holds before it is collected; this way a
// run over hundreds of migrations takes about half the memory and hardly more time. The limit of the heap stays where it is.
setFlagsFromString('--heap-growing-percent=30');
setFlagsFromString('--max-semi-space-size=4');

const out = guardStream(process.stdout);
const err = guardStream(process.stderr);
const stop = new AbortController();
const io: Io = {
  out: out.write,
  err: err.write,
  isOutTty: process.stdout.isTTY,
  isErrTty: process.stderr.isTTY,
  ask: process.stdin.isTTY && process.stderr.isTTY ? askOnTerminal : null,
  columns: process.stdout.columns || null,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
  toolVersion: readToolVersion(),
};
const isDebugging = process.argv.includes('--debug');
let hasCrashed = false;

watchInterrupts(stop, (line) => err.write(`${line}\n`));
process.on('uncaughtException', (thrown) => {
  if (!hasCrashed) printError(thrown);
  hasCrashed = true;
  stop.abort();
  // What is open gets time to close itself; what cannot is swept by its lease.
  setTimeout(() => process.exit(ENVIRONMENT_FAILED), MOST_CLEANUP_MS).unref();
});

let exitCode = await run(process.argv.slice(2));
await out.flush();
const lost = out.failure();
if (lost !== null) {
  printError(lost);
  exitCode = ENVIRONMENT_FAILED;
}
await err.flush();
process.exit(hasCrashed ? ENVIRONMENT_FAILED : exitCode);

async function run(argv: readonly string[]): Promise<number> {
  let code = 0;
  try {
    await makeProgram(io, (done) => (code = done)).parseAsync(argv, { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const fault = thrown instanceof CommanderError ? usageFaultOf(thrown, argv) : firstFault(thrown);
    printError(fault);
    return exitCodeOf(fault);
  }
}

async function askOnTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal: stop.signal });
  } catch {
    return '';
  } finally {
    terminal.close();
  }
}

function printError(thrown: unknown): void {
  const color = process.argv.includes('--no-color') ? false : process.argv.includes('--color') || null;
  const style = styleFor({ ...io, isOutTty: io.isErrTty }, color);
  err.write(`${describeError(thrown, style, isDebugging).join('\n')}\n`);
}

function usageFaultOf({ message }: CommanderError, argv: readonly string[]): UsageFault {
  const words = message
    .replace(/^error: /u, '')
    .replaceAll(/\boption\b/gu, 'flag')
    .replace(/\n\(Did you mean (.+)\?\)$/u, '; did you mean $1?');
  const verb = argv.find((word) => !word.startsWith('-')) ?? '';
  return new UsageFault(words, `palindrome ${verb}${verb === '' ? '' : ' '}--help lists what there is.`);
}
