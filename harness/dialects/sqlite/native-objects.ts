/**
 * Connections, statements and iterators of better-sqlite3, kept until it is safe to let them go.
 *
 * better-sqlite3 12 derives them from `node::ObjectWrap`. Compiled for Node 24.19 or newer, such an object aborts the process if a collection that
 * an allocation started destroys it (`RemoveEnvironmentCleanupHook` finds no environment); one that a script asks for destroys it well.
 * better-sqlite3 13 is free of that and does not run on Node 20. So an engine process holds on to every one of these objects and
 * lets many go at once, between two requests, in a collection of its own.
 */
import BetterSqlite from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';

/** Objects after which a collection is worth its milliseconds. Each costs some kilobytes until then. */
const MOST_HELD = 2000;

const held: object[] = [];

/** What of the driver's own object makes others: `prepare` serves pragmas and transactions too. */
interface NativeDatabase {
  prepare(...given: unknown[]): object;
  backup(...given: unknown[]): object;
}

/** Opens a database by its file, or from its bytes. What is prepared or backed up through it is held; iterators are the caller's to hold. */
export function openConnection(source: string | Buffer, options: BetterSqlite.Options = {}): Connection {
  const connection = hold(new BetterSqlite(source, options));
  const native = nativeOf(connection);
  const prepare = native.prepare.bind(native);
  const backup = native.backup.bind(native);
  native.prepare = (...given) => hold(prepare(...given));
  native.backup = (...given) => hold(backup(...given));
  return connection;
}

/** The driver keeps its own object under a symbol that it does not export. */
function nativeOf(connection: Connection): NativeDatabase {
  const candidates = Object.getOwnPropertySymbols(connection).map(
    (symbol) => Object.getOwnPropertyDescriptor(connection, symbol)?.value as unknown,
  );
  const native = candidates.find((value) => typeof value === 'object' && value !== null && 'backup' in value);
  if (native === undefined) throw new TypeError('better-sqlite3 is built otherwise than this version of it was');
  return native as NativeDatabase;
}

/** Keeps a native object until `releaseHeld`: to be called when it is made, and again when it is let go after having been kept elsewhere. */
export function hold<Value extends object>(object: Value): Value {
  held.push(object);
  return object;
}

/**
 * Lets go what is held once it is much, except for what is kept elsewhere. To be called where no caller on the stack uses such an object. Needs `--expose-gc`; throws `TypeError` without it.
 */
export function releaseHeld(): void {
  if (held.length < MOST_HELD) return;
  held.length = 0;
  if (globalThis.gc === undefined) throw new TypeError('the engine process was started without --expose-gc');
  globalThis.gc();
}
