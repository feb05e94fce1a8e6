/**
 * The harness's side of an engine process: starts it, sends one operation after the other, and kills it where an operation
 * exceeds its time. A separate process, because SQLite has no way to stop a running statement from its own thread,
 * and ending a worker thread does not stop it either.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PalindromeError, messageOf } from '../../core/errors.ts';
import { CaptureStore } from './capture-store.ts';
import { CHANNEL_FD, FrameReader, GUARD_FD, encodeFrame } from './protocol.ts';
import type { AnswerOf, EngineMessage, Frame, HarnessMessage, OperationName, Progress, RequestOf } from './protocol.ts';
import { fromWire, toWire } from './values.ts';

export type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** How an operation ended: with its answer, or with the process killed because time was up. */
export type Reply<Name extends OperationName> =
  | { readonly status: 'answered'; readonly answer: AnswerOf<Name>; readonly block: Buffer }
  | { readonly status: 'timed-out'; readonly statement: number; readonly limitMs: number; readonly image: Buffer };

/** Milliseconds: longest time for one statement and for the whole operation. */
export interface TimeLimits {
  readonly statementMs: number;
  readonly totalMs: number;
}

/** For operations of the harness itself, which run no statements of others beyond triggers. */
const OWN_OPERATION: TimeLimits = { statementMs: 120_000, totalMs: 120_000 };

/** How long a guard thread may take to say where its process is. */
const GUARD_REPLY_MS = 5000;

interface Pending {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
}

/** One engine process. Everything rejects with `PalindromeError` `server-lost` once the process is gone. */
export class EngineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #guard: Socket;
  readonly #functions: Functions;
  #pending: Pending | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #isGone = false;
  /** Scripts, by id, that this process knows. */
  readonly knownScripts = new Set<number>();
  /** What this process sent of captures and refers to. */
  readonly captures = new CaptureStore();

  constructor(functions: Functions) {
    this.#functions = functions;
    // A process group of its own: Ctrl-C goes to the harness, which ends in order and takes this process with it.
    this.#child = spawn(process.execPath, ['--expose-gc', ...loaderArguments(), fileURLToPath(programUrl())], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
      detached: true,
      serialization: 'json',
    });
    this.#channel = this.#child.stdio[CHANNEL_FD] as Socket;
    this.#guard = this.#child.stdio[GUARD_FD] as Socket;
    const reader = new FrameReader();
    this.#channel.on('data', (piece: Buffer) => {
      for (const frame of reader.push(piece)) this.#receive(frame);
    });
    this.#channel.on('close', () => this.#lose('ended'));
    this.#channel.on('error', () => this.#lose('closed its stream'));
    this.#guard.on('error', () => {});
    this.#child.on('error', (error) => this.#lose(`could not be started: ${messageOf(error)}`));
    this.#child.unref();
    this.#setBusy(false);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Runs an operation that must end within the harness's own limits. */
  async ask<Name extends OperationName>(
    operation: Name,
    request: RequestOf<Name>,
    block?: Uint8Array,
  ): Promise<{ readonly answer: AnswerOf<Name>; readonly block: Buffer }> {
    const reply = await this.call(operation, request, OWN_OPERATION, block);
    if (reply.status === 'answered') return reply;
    throw lost(`was stopped after ${reply.limitMs} ms of \`${operation}\``);
  }

  /** Runs an operation. When time is up, the process is killed; the reply tells where it was and what the database held before. */
  call<Name extends OperationName>(
    operation: Name,
    request: RequestOf<Name>,
    limits: TimeLimits,
    block?: Uint8Array,
  ): Promise<Reply<Name>> {
    const result = this.#queue.then(() => this.#call(operation, request, limits, block));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #call<Name extends OperationName>(
    operation: Name,
    request: RequestOf<Name>,
    limits: TimeLimits,
    block?: Uint8Array,
  ): Promise<Reply<Name>> {
    if (this.#isGone) throw lost('has ended');
    this.#setBusy(true);
    const watch = new AbortController();
    try {
      const message: HarnessMessage = { type: 'request', operation, request };
      const answered = this.#exchange(message, block).then((frame) => toReply<Name>(frame));
      return await Promise.race([answered, this.#watch<Name>(limits, watch.signal)]);
    } finally {
      watch.abort();
      this.#setBusy(false);
    }
  }

  #exchange(message: HarnessMessage, block?: Uint8Array): Promise<Frame> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#channel.write(encodeFrame(message, block));
    });
  }

  /** Settles only when time is up, with the process killed. */
  async #watch<Name extends OperationName>(limits: TimeLimits, signal: AbortSignal): Promise<Reply<Name>> {
    const startedAt = Date.now();
    let waitMs = Math.min(limits.statementMs, limits.totalMs);
    for (;;) {
      if (!(await sleep(waitMs, signal))) return await new Promise<never>(() => {});
      const { progress, image } = await this.#askGuard();
      if (signal.aborted) return await new Promise<never>(() => {});
      const totalLeft = limits.totalMs - (Date.now() - startedAt);
      const statementLeft = limits.statementMs - (progress.statement === 0 ? 0 : progress.elapsedMs);
      if (totalLeft <= 0 || statementLeft <= 0) {
        // The closing stream must not reject the operation that is about to be told of its time.
        this.#pending = null;
        await this[Symbol.asyncDispose]();
        const limitMs = statementLeft <= 0 ? limits.statementMs : limits.totalMs;
        return { status: 'timed-out', statement: progress.statement, limitMs, image };
      }
      waitMs = Math.max(1, Math.min(totalLeft, statementLeft));
    }
  }

  async #askGuard(): Promise<{ progress: Progress; image: Buffer }> {
    const reader = new FrameReader();
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(() => reject(lost('does not answer'))), GUARD_REPLY_MS);
      const onData = (piece: Buffer): void => {
        const frame = reader.push(piece)[0];
        if (frame !== undefined) finish(() => resolve({ progress: frame.message as Progress, image: frame.block }));
      };
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#guard.off('data', onData);
        settle();
      };
      this.#guard.on('data', onData);
      this.#guard.write('?');
    });
  }

  #receive(frame: Frame): void {
    const message = frame.message as EngineMessage;
    if (message.type === 'call') {
      this.#channel.write(encodeFrame(this.#callFunction(message.name, message.values)));
      return;
    }
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve(frame);
  }

  #callFunction(name: string, values: readonly Parameters<typeof fromWire>[0][]): HarnessMessage {
    try {
      const implementation = this.#functions[name];
      if (implementation === undefined) throw new Error(`no such function: ${name}`);
      return { type: 'returned', value: toWire(implementation(...values.map(fromWire))) };
    } catch (error) {
      return { type: 'threw', message: messageOf(error) };
    }
  }

  #lose(how: string): void {
    this.#isGone = true;
    const pending = this.#pending;
    this.#pending = null;
    pending?.reject(lost(how));
  }

  /** An idle engine does not keep the harness's own process alive. */
  #setBusy(isBusy: boolean): void {
    for (const socket of [this.#channel, this.#guard]) {
      if (isBusy) socket.ref();
      else socket.unref();
    }
  }

  /** Ends the process at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isGone = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    this.#child.ref();
    const ended = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
    });
    this.#child.kill('SIGKILL');
    await ended;
  }
}

function toReply<Name extends OperationName>(frame: Frame): Reply<Name> {
  const message = frame.message as EngineMessage;
  if (message.type === 'answer') {
    return { status: 'answered', answer: message.answer as AnswerOf<Name>, block: frame.block };
  }
  if (message.type === 'call') throw new Error('A call is not an answer.');
  const { code, kind, message: text, place, hint } = message.error;
  if (code === null) throw new Error(`The SQLite engine failed: ${text}`);
  throw new PalindromeError(code, text, {
    kind,
    ...(place === null ? {} : { place }),
    ...(hint === null ? {} : { hint }),
  });
}

/** False where `signal` came first. */
function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function lost(how: string): PalindromeError {
  return new PalindromeError('server-lost', `The SQLite engine process ${how}.`, { kind: 'environment' });
}

function programUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './engine-main.ts' : './engine-main.js', import.meta.url);
}

/** From the sources, Node needs a loader that reads TypeScript; the build needs none. */
function loaderArguments(): string[] {
  if (!import.meta.url.endsWith('.ts')) return [];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}
