import { PalindromeError } from '../core/errors.ts';

/** A stream that may break under us: a reader that went away, a disk that is full. */
export interface GuardedStream {
  readonly write: (text: string) => void;
  /** Resolves when everything written has been handed to the system, or cannot be. */
  readonly flush: () => Promise<void>;
  /** Why output was lost; null where none was, or where the reader simply left. */
  readonly failure: () => PalindromeError | null;
}

/** A reader that closes its end (`| head`) ends the writing, not the run: the verdicts still matter. */
export function guardStream(stream: NodeJS.WriteStream): GuardedStream {
  let isBroken = false;
  let failure: PalindromeError | null = null;
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    isBroken = true;
    if (cause.code === 'EPIPE') return;
    failure ??= new PalindromeError('output-not-written', `Standard output could not be written: ${cause.message}`, {
      kind: 'environment',
      cause,
    });
  });
  return {
    write(text) {
      if (!isBroken) stream.write(text);
    },
    async flush() {
      // Files are written at once, but what went wrong with them is told a turn later.
      await new Promise((resolve) => setImmediate(resolve));
      if (isBroken || stream.writableLength === 0) return;
      await new Promise<void>((resolve) => {
        stream.once('error', () => resolve());
        stream.write('', () => resolve());
      });
    },
    failure: () => failure,
  };
}
