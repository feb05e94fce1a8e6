/**
 * The second thread of an engine process. SQLite's calls block the first one and cannot be interrupted, so this one ends
 * the process when the harness is gone, and tells the harness how far a script has come and what the database held before it.
 */
import { Worker } from 'node:worker_threads';
import { GUARD_FD } from './protocol.ts';

/** Shared with the guard: `[0]` the running statement's number; the clock's milliseconds at its start; the image's length. */
export class Guard {
  readonly #numbers = new Int32Array(new SharedArrayBuffer(8));
  readonly #clock = new Float64Array(new SharedArrayBuffer(8));
  #image = new SharedArrayBuffer(256 * 1024);
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(GUARD_CODE, {
      eval: true,
      workerData: { numbers: this.#numbers, clock: this.#clock, image: this.#image, fd: GUARD_FD },
    });
    this.#worker.unref();
  }

  /** Keeps a copy of the database as it is before a script. Null: the database is a file and keeps itself. */
  keep(image: Uint8Array | null): void {
    if (image !== null && image.length > this.#image.byteLength) {
      this.#image = new SharedArrayBuffer(image.length * 2);
      this.#worker.postMessage(this.#image, []);
    }
    if (image !== null) new Uint8Array(this.#image).set(image);
    Atomics.store(this.#numbers, 1, image?.length ?? 0);
  }

  /** Says which statement of the script runs from now on; 0: none. */
  mark(statement: number): void {
    this.#clock[0] = Date.now();
    Atomics.store(this.#numbers, 0, statement);
  }
}

/** Plain JavaScript, so that it runs alike from the sources and from the build. Any byte on the stream asks for a progress frame with the image. */
const GUARD_CODE = `
const { workerData, parentPort } = require('node:worker_threads');
const { numbers, clock, fd } = workerData;
let image = workerData.image;
parentPort.on('message', (larger) => { image = larger; });
const socket = new (require('node:net').Socket)({ fd, readable: true, writable: true });
const end = () => process.kill(process.pid, 'SIGKILL');
socket.on('end', end).on('close', end).on('error', end);
socket.on('data', () => setImmediate(() => {
  const length = Atomics.load(numbers, 1);
  const progress = { statement: Atomics.load(numbers, 0), elapsedMs: Date.now() - clock[0], imageBytes: length };
  const json = Buffer.from(JSON.stringify(progress));
  const header = Buffer.alloc(8);
  header.writeUInt32LE(json.length, 0);
  header.writeUInt32LE(length, 4);
  socket.write(Buffer.concat([header, json, Buffer.from(new Uint8Array(image, 0, length))]));
}));
`;
