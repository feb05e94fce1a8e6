/**
 * What the harness and its engine process say to each other: frames of JSON with an optional block of bytes.
 * Requests and answers alternate on one stream; while the engine works, it may ask for a call of an application's function.
 */
import type { Dataset, Row } from '../../core/dataset.ts';
import type { Catalog } from '../../core/catalog.ts';
import type {
  Attempt,
  AttemptResult,
  CaptureRequest,
  ExplainRequest,
  ExplainResult,
  IndexState,
  QueryResult,
} from '../../core/dialect.ts';
import type { FaultKind, SourcePlace } from '../../core/errors.ts';
import type { Script } from '../../core/migration.ts';
import type { StopPoint } from '../../core/interruption.ts';
import type { SchemaModel } from '../../core/schema.ts';
import type { RankedColumn, SessionAnswer } from '../../core/session.ts';
import type { Projection, SequenceState } from '../../core/snapshot.ts';
import type { DatabaseFault, ScriptOutcome } from '../../core/trace.ts';
import type { SessionAction } from './session-connections.ts';

/** How an engine process is set up, once. */
export interface EngineSetup {
  readonly foreignKeys: boolean;
  readonly functions: readonly { readonly name: string; readonly isDeterministic: boolean }[];
}

/** What stays the same between captures of one schema: sent once, then referred to by `id`. */
export interface CapturePlan {
  readonly id: number;
  readonly catalog: Catalog;
  readonly tables: readonly CapturedTable[];
}

export interface CapturedTable {
  readonly key: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly primaryKey: readonly string[];
}

export interface CaptureAnswer {
  readonly planId: number;
  /** Null where this plan was sent before. */
  readonly plan: CapturePlan | null;
  /** A plan that will not be referred to again; null: none. */
  readonly dropped: number | null;
  /** In the order of the plan's tables. `rows` is `same` where the digest is that of the last capture under this plan. */
  readonly tables: readonly {
    readonly rowCount: number;
    readonly digest: string;
    readonly rows: readonly Row[] | null | 'same';
  }[];
  readonly sequences: readonly SequenceState[];
  readonly projections: readonly Projection[];
}

/** A refused row by its place in the dataset; a null fault: left out silently (by a trigger, or replaced by a later row). */
export interface RefusedRow {
  readonly table: number;
  readonly row: number;
  readonly fault: DatabaseFault | null;
}

/** The operations of an engine process, each with what it takes and gives. */
interface Operations {
  setup: [EngineSetup, { readonly version: string }];
  /**
   * Opens a database; with `template` null an empty one. The template's bytes travel as the frame's block where the engine lacks them.
   * With `live`, the file is opened as it is, and never removed.
   */
  open: [
    { readonly file: string | null; readonly template: string | null; readonly live?: 'read' | 'write' },
    { readonly needsTemplate: boolean },
  ];
  /** Opens the bytes of the frame's block: what is left of a database whose process was killed. */
  restore: [Record<string, never>, null];
  /** `inside`: statements that run last in the transaction of a `wrapped` script. */
  execute: [
    {
      readonly scriptId: number;
      readonly script: Script | null;
      readonly upTo: number | null;
      readonly inside?: string | null;
    },
    ScriptOutcome,
  ];
  /** Runs a script up to a point and kills its own process there: an answer comes only where the script failed before. */
  interrupt: [
    { readonly scriptId: number; readonly script: Script | null; readonly point: StopPoint },
    Exclude<ScriptOutcome, { status: 'completed' }>,
  ];
  catalog: [Record<string, never>, Catalog];
  capture: [CaptureRequest, CaptureAnswer];
  introspect: [Record<string, never>, SchemaModel];
  load: [Dataset, { readonly refused: readonly RefusedRow[] }];
  query: [{ readonly sql: string; readonly maxRows: number }, QueryResult];
  explain: [Pick<ExplainRequest, 'sql' | 'params'>, ExplainResult];
  findIndexes: [{ readonly names: readonly string[] }, readonly IndexState[]];
  attempt: [{ readonly attempts: readonly Attempt[] }, readonly AttemptResult[]];
  examine: [Record<string, never>, readonly { readonly object: string; readonly message: string }[]];
  run: [{ readonly sql: string }, DatabaseFault | null];
  /** What a session that stays is asked to do. The database must be a file. */
  session: [{ readonly name: string; readonly action: SessionAction }, SessionAnswer];
  rankKeys: [
    { readonly table: string; readonly columns: readonly RankedColumn[]; readonly keys: readonly Row[] },
    readonly number[],
  ];
  /** Closes the database and answers with its bytes (in memory) or nothing (a file, now complete on disk). */
  freeze: [{ readonly key: string }, null];
  close: [{ readonly keepFile: boolean }, null];
}
export type OperationName = keyof Operations;
export type RequestOf<Name extends OperationName> = Operations[Name][0];
export type AnswerOf<Name extends OperationName> = Operations[Name][1];

/** A SQL value between the processes; integers as decimal text, bytes as hex. */
export type WireValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'integer' | 'real' | 'text' | 'blob'; readonly text: string };

export type EngineMessage =
  | { readonly type: 'answer'; readonly answer: unknown }
  | { readonly type: 'error'; readonly error: WireError }
  | { readonly type: 'call'; readonly name: string; readonly values: readonly WireValue[] };

export type HarnessMessage =
  | { readonly type: 'request'; readonly operation: OperationName; readonly request: unknown }
  | { readonly type: 'returned'; readonly value: WireValue }
  | { readonly type: 'threw'; readonly message: string };

/** A `PalindromeError`, or anything else thrown by the engine's own code (`code` null). */
export interface WireError {
  readonly code: string | null;
  readonly kind: FaultKind;
  readonly message: string;
  readonly place: SourcePlace | null;
  readonly hint: string | null;
}

/** Where an engine process is, as its guard thread tells. */
export interface Progress {
  /** Counts from 1 within the script; 0: between statements. */
  readonly statement: number;
  /** How long that statement has been running. */
  readonly elapsedMs: number;
  readonly imageBytes: number;
}

/** The stream on which an engine process answers, and the one on which its guard thread does. */
export const CHANNEL_FD = 3;
export const GUARD_FD = 4;

const NO_BYTES = Buffer.alloc(0);

/** One frame: two lengths, JSON, bytes. */
export function encodeFrame(message: unknown, block: Uint8Array = NO_BYTES): Buffer {
  const json = Buffer.from(JSON.stringify(message), 'utf8');
  const frame = Buffer.allocUnsafe(8 + json.length + block.length);
  frame.writeUInt32LE(json.length, 0);
  frame.writeUInt32LE(block.length, 4);
  json.copy(frame, 8);
  frame.set(block, 8 + json.length);
  return frame;
}

/** How long the body is that a frame's first eight bytes announce. */
export function bodyLength(header: Buffer): number {
  return header.readUInt32LE(0) + header.readUInt32LE(4);
}

export interface Frame {
  readonly message: unknown;
  readonly block: Buffer;
}

/** The content of a whole frame. */
export function decodeFrame(header: Buffer, body: Buffer): Frame {
  const jsonLength = header.readUInt32LE(0);
  return { message: JSON.parse(body.toString('utf8', 0, jsonLength)), block: body.subarray(jsonLength) };
}

/** Collects frames from a stream's pieces. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #length = 0;

  /** Adds a piece and gives the frames that it completes. */
  push(piece: Buffer): Frame[] {
    this.#pieces.push(piece);
    this.#length += piece.length;
    const frames: Frame[] = [];
    while (this.#length >= 8) {
      if ((this.#pieces[0]?.length ?? 0) < 8) this.#join();
      const head = this.#pieces[0] ?? NO_BYTES;
      const total = 8 + bodyLength(head);
      if (this.#length < total) break;
      if (head.length < total) this.#join();
      const whole = this.#pieces[0] ?? NO_BYTES;
      frames.push(decodeFrame(whole, whole.subarray(8, total)));
      this.#pieces[0] = whole.subarray(total);
      this.#length -= total;
    }
    return frames;
  }

  #join(): void {
    this.#pieces = [Buffer.concat(this.#pieces)];
  }
}
