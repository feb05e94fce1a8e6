/**
 * The port for sources of throwaway servers. A provider starts and stops servers and knows no SQL; a dialect speaks SQL and starts nothing.
 */
import type { DialectName } from './migration.ts';

export type ProviderName = 'container' | 'embedded' | 'server' | 'sqlite';

/**
 * Ending every process of a server at once, with no chance to finish anything, and starting it again on the same data; or why that cannot be
 * done: a sentence. Whoever crashes a server has it alone: every session is lost.
 */
type ServerCrash =
  | { readonly isPossible: true; readonly run: () => Promise<void> }
  | { readonly isPossible: false; readonly why: string };

/** Where a running server is reached; for SQLite, where files may be made. */
export type Server =
  | (AsyncDisposable & {
      readonly dialect: 'postgres';
      readonly provider: 'container' | 'embedded' | 'server';
      /** A host name, an address, or the folder of a Unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string | undefined;
      /** A database that exists, from which others are created. */
      readonly database: string;
      readonly ssl: boolean;
      /** Identifies this run among others on the same server; lower-case letters and digits. */
      readonly runId: string;
      /** True where every other database on the server is also ours. */
      readonly isExclusive: boolean;
      readonly crash: ServerCrash;
    })
  | (AsyncDisposable & {
      readonly dialect: 'sqlite';
      readonly provider: 'sqlite';
      /** A folder of this run for database files; null: memory. */
      readonly folder: string | null;
      readonly runId: string;
    });

export interface ServerRequest {
  /** Major version, `14` to `18`; null: the default. Ignored for SQLite. */
  readonly postgres: string | null;
  /** Container image; null: `postgres:<major>-alpine`. */
  readonly image: string | null;
  /** For `server`: where it is. */
  readonly serverUrl: string | null;
  /** For `server`: hosts other than loopback are refused without it. */
  readonly allowRemote: boolean;
  /** Leave the server up when disposed, for looking at a failure. */
  readonly keep: boolean;
}

/** Whether a provider can work on this machine, for `doctor` and for `auto`. */
export type Probe =
  | { readonly works: true; readonly detail: string }
  | { readonly works: false; readonly reason: string; readonly remedy: string };

export interface Provider {
  readonly name: ProviderName;
  readonly dialect: DialectName;
  /** Never throws, leaves nothing behind, takes at most a few seconds. */
  probe(request: ServerRequest): Promise<Probe>;
  /** Throws `PalindromeError` of kind `environment` with the reason and a remedy. */
  start(request: ServerRequest): Promise<Server>;
}
