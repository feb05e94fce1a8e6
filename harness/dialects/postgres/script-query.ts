/**
 * One simple query of a script: counts the statements that completed, feeds COPY, keeps no rows.
 */
import type { Client, Connection, Submittable } from 'pg';

const COPY_PART_BYTES = 1 << 20;

export type SendResult =
  /** `completed`: statements that the server finished, before the error if there is one. */
  | { readonly status: 'ok'; readonly completed: number }
  | { readonly status: 'error'; readonly error: Error; readonly completed: number };

/** The part of pg's connection that feeds COPY; its type declarations leave it out. */
interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Sends text as one simple query. Never rejects. `onStatement` is called as each statement completes. */
export async function sendSimple(
  client: Client,
  text: string,
  options: { readonly copyData?: string | null; readonly onStatement?: () => void } = {},
): Promise<SendResult> {
  return new Promise((resolve) => {
    client.query(new ScriptQuery(text, options.copyData ?? null, options.onStatement ?? (() => undefined), resolve));
  });
}

/** pg calls these methods as the server's messages arrive. */
class ScriptQuery implements Submittable {
  private completed = 0;
  private readonly text: string;
  private readonly copyData: string | null;
  private readonly onStatement: () => void;
  private readonly resolve: (result: SendResult) => void;

  constructor(text: string, copyData: string | null, onStatement: () => void, resolve: (result: SendResult) => void) {
    this.text = text;
    this.copyData = copyData;
    this.onStatement = onStatement;
    this.resolve = resolve;
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCommandComplete(): void {
    this.completed++;
    this.onStatement();
  }

  handleCopyInResponse(connection: CopyConnection): void {
    if (this.copyData === null) {
      connection.sendCopyFail('the tool that runs this script sends no data for COPY FROM stdin');
      return;
    }
    const data = Buffer.from(this.copyData);
    for (let from = 0; from < data.length; from += COPY_PART_BYTES) {
      connection.sendCopyFromChunk(data.subarray(from, from + COPY_PART_BYTES));
    }
    connection.endCopyFrom();
  }

  handleError(error: Error): void {
    this.resolve({ status: 'error', error, completed: this.completed });
  }

  handleReadyForQuery(): void {
    this.resolve({ status: 'ok', completed: this.completed });
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
}
