/**
 * Time limits that hold even where a script switches `statement_timeout` off.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { sendSimple } from './script-query.ts';
import type { SendResult } from './script-query.ts';

/** Interrupts a backend from another session. Never throws. */
export interface Canceller {
  cancel(pid: number): Promise<void>;
  terminate(pid: number): Promise<void>;
}

export interface Limits {
  readonly statementMs: number;
  /** `performance.now()` at which the script must have ended. */
  readonly deadline: number;
  readonly scriptMs: number;
}

export type GuardedResult = SendResult & {
  /** The limit that was exceeded, milliseconds; null: none. */
  readonly exceededMs: number | null;
};

/** The server's own `statement_timeout` comes first; the guard is for scripts that changed it. */
const SERVER_HEAD_START_MS = 250;
/** How long a cancelled statement may take to stop before its session is ended. */
const CANCEL_GRACE_MS = 5_000;
const QUERY_CANCELED = '57014';

/** Sends text under the limits. Never rejects. */
export async function sendGuarded(
  client: Client,
  text: string,
  copyData: string | null,
  limits: Limits,
  canceller: Canceller,
): Promise<GuardedResult> {
  const guard = new Guard(client, limits, canceller);
  try {
    const result = await sendSimple(client, text, { copyData, onStatement: () => guard.restart() });
    return { ...result, exceededMs: result.status === 'error' ? guard.exceeded(result.error) : null };
  } finally {
    guard.stop();
  }
}

class Guard {
  private readonly client: Client;
  private readonly limits: Limits;
  private readonly canceller: Canceller;
  private statementStarted = performance.now();
  private firedMs: number | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(client: Client, limits: Limits, canceller: Canceller) {
    this.client = client;
    this.limits = limits;
    this.canceller = canceller;
    this.arm();
  }

  restart(): void {
    if (this.firedMs !== null) return;
    this.statementStarted = performance.now();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** The limit behind an error; null where a script's own, shorter timeout cancelled the statement. */
  exceeded(error: Error): number | null {
    if (this.firedMs !== null) return this.firedMs;
    const isCancel = error instanceof DatabaseError && error.code === QUERY_CANCELED;
    const ranMs = performance.now() - this.statementStarted;
    return isCancel && ranMs >= this.limits.statementMs * 0.98 - 5 ? this.limits.statementMs : null;
  }

  private arm(): void {
    const now = performance.now();
    const statementDue = this.statementStarted + this.limits.statementMs + SERVER_HEAD_START_MS;
    const due = Math.min(statementDue, this.limits.deadline);
    if (due > now) {
      this.timer = setTimeout(() => this.arm(), due - now + 1);
      return;
    }
    this.firedMs = this.limits.deadline <= now ? this.limits.scriptMs : this.limits.statementMs;
    this.interrupt();
  }

  private interrupt(): void {
    const { processID: pid } = this.client as Client & { readonly processID: number | null };
    if (pid === null) return;
    void this.canceller.cancel(pid);
    this.timer = setTimeout(() => {
      void this.canceller.terminate(pid);
      this.timer = setTimeout(() => this.client.connection.stream.destroy(), CANCEL_GRACE_MS);
    }, CANCEL_GRACE_MS);
  }
}
