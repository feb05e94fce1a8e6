/**
 * The program of an engine process: one database at a time, one request after the other, all in blocking calls.
 * It ends when its stream does.
 */
import { readSync, writeSync } from 'node:fs';
import { PalindromeError, messageOf } from '../../core/errors.ts';
import { Engine } from './engine.ts';
import { Guard } from './guard.ts';
import { CHANNEL_FD, bodyLength, decodeFrame, encodeFrame } from './protocol.ts';
import type { EngineMessage, Frame, HarnessMessage, WireError } from './protocol.ts';
import { argumentToWire, toDriver } from './values.ts';

function receive(): Frame | null {
  const header = readExactly(8);
  if (header === null) return null;
  const body = readExactly(bodyLength(header));
  return body === null ? null : decodeFrame(header, body);
}

function readExactly(length: number): Buffer | null {
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const read = readSync(CHANNEL_FD, buffer, filled, length - filled, null);
    if (read === 0) return null;
    filled += read;
  }
  return buffer;
}

function send(message: EngineMessage, block?: Uint8Array): void {
  const frame = encodeFrame(message, block);
  for (let written = 0; written < frame.length;) {
    written += writeSync(CHANNEL_FD, frame, written, frame.length - written);
  }
}

/** Asks the harness to call an application's function; blocks until it has. */
function callFunction(name: string, values: readonly unknown[]): unknown {
  send({ type: 'call', name, values: values.map(argumentToWire) });
  const reply = receive()?.message as HarnessMessage | undefined;
  if (reply?.type === 'returned') return toDriver(reply.value);
  throw new Error(reply?.type === 'threw' ? reply.message : 'The harness is gone.');
}

function toWireError(thrown: unknown): WireError {
  if (thrown instanceof PalindromeError) {
    return {
      code: thrown.code,
      kind: thrown.kind,
      message: thrown.message,
      place: thrown.place ?? null,
      hint: thrown.hint ?? null,
    };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
  return { code: null, kind: 'environment', message: stack, place: null, hint: null };
}

function serve(): void {
  const engine = new Engine(new Guard(), callFunction);
  for (let frame = receive(); frame !== null; frame = receive()) {
    const message = frame.message as HarnessMessage;
    if (message.type !== 'request') continue;
    try {
      const { answer, block } = engine.handle(message.operation, message.request, frame.block);
      send({ type: 'answer', answer }, block);
    } catch (error) {
      send({ type: 'error', error: toWireError(error) });
    }
  }
}

try {
  serve();
} catch {
  // The stream broke: the harness is gone, and so are the databases' users.
}
process.kill(process.pid, 'SIGKILL');
