/**
 * Errors of the server as data, and the line between them and the loss of the server.
 */
import { DatabaseError } from 'pg';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { DatabaseFault, FaultClass } from '../../core/trace.ts';

const BY_SQLSTATE: Readonly<Record<string, FaultClass>> = {
  '23502': 'not-null',
  '23505': 'unique',
  '23503': 'foreign-key',
  '23001': 'foreign-key',
  '23514': 'check',
  '23P01': 'exclusion',
  '42P07': 'already-exists',
  '42710': 'already-exists',
  '42701': 'already-exists',
  '42P06': 'already-exists',
  '42P04': 'already-exists',
  '42P05': 'already-exists',
  '42723': 'already-exists',
  '42P01': 'missing-object',
  '42704': 'missing-object',
  '42703': 'missing-object',
  '42883': 'missing-object',
  '3F000': 'missing-object',
  '3D000': 'missing-object',
  '26000': 'missing-object',
  '2BP01': 'dependent-objects',
  '2BP02': 'dependent-objects',
  '42601': 'syntax',
  '42501': 'permission',
  '28000': 'permission',
  '40P01': 'deadlock',
  '40001': 'deadlock',
  '57014': 'timeout',
  '55P03': 'timeout',
  '25P03': 'timeout',
  '25P04': 'timeout',
};

const BY_CLASS: Readonly<Record<string, FaultClass>> = {
  '22': 'value',
  '23': 'other-constraint',
  '25': 'transaction-state',
  '2D': 'transaction-state',
  '3B': 'transaction-state',
  P0: 'raised',
};

/** Codes with which `CREATE EXTENSION` says that the server does not have the extension (or that version of it). */
const NO_EXTENSION = new Set(['0A000', '58P01', '22023', 'F0000']);

/** The class of a SQLSTATE. `command` is that of the statement that failed, where it is known. */
export function classifyFault(code: string, command: string | null): FaultClass {
  if (command === 'CREATE EXTENSION' && NO_EXTENSION.has(code)) return 'missing-extension';
  return BY_SQLSTATE[code] ?? BY_CLASS[code.slice(0, 2)] ?? 'other';
}

/** Insufficient resources (disk full, out of memory, too many connections) and input/output errors: no verdict on any script. */
const EXHAUSTED = /^(53[0-3]|58030)/;

/** Turns an error of the server into data. Throws `PalindromeError` (`server-exhausted`) for what says nothing about the script. */
export function toFault(error: DatabaseError, command: string | null = null): DatabaseFault {
  const code = error.code ?? 'XX000';
  if (EXHAUSTED.test(code)) {
    throw new PalindromeError(
      'server-exhausted',
      `The PostgreSQL server ran out of what it needs: ${error.message} (SQLSTATE ${code})`,
      {
        kind: 'environment',
        hint: 'Free some disk or memory (`palindrome doctor` tells where data folders are), then run the same command again.',
        cause: error,
      },
    );
  }
  return {
    code,
    class: classifyFault(code, command),
    message: error.message,
    detail: error.detail ?? null,
    hint: error.hint ?? null,
    constraint: error.constraint ?? null,
    table: error.table ?? null,
    column: error.column ?? null,
  };
}

/** Whether an error ended the session: the socket broke, or the server closed it. */
export function isSessionLost(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  return error.severity === 'FATAL' || error.severity === 'PANIC' || /^(08|57P0[1-5])/.test(error.code ?? '');
}

/** The error that a run ends with when its server is gone. */
export function serverLost(cause: unknown, address: string): PalindromeError {
  return new PalindromeError('server-lost', `The PostgreSQL server at ${address} is gone: ${messageOf(cause)}`, {
    kind: 'environment',
    hint: 'Look at the server’s log for a crash or a full disk, then run the same command again.',
    cause,
  });
}

/** Throws what a query of the harness itself threw: a lost server as such, anything else as an internal fault with its SQLSTATE. */
export function rethrow(error: unknown, address: string, doing: string): never {
  if (error instanceof PalindromeError) throw error;
  if (isSessionLost(error)) throw serverLost(error, address);
  const code = error instanceof DatabaseError ? ` (SQLSTATE ${error.code ?? '?'})` : '';
  throw new PalindromeError('server-refused', `While ${doing}: ${messageOf(error)}${code}`, {
    kind: 'environment',
    cause: error,
  });
}
