/** One throwaway server for all sets that ask for the same one. */
import type { DialectName } from '../core/migration.ts';
import type { Server, ServerRequest } from '../core/provider.ts';
import { chooseProvider } from '../providers/choose.ts';
import type { ProviderChoice, ProviderWish } from '../providers/choose.ts';

interface ServerWish {
  readonly provider: ProviderWish;
  readonly dialect: DialectName;
  readonly request: Omit<ServerRequest, 'keep'>;
}

/** A place in line for a server. */
export interface PooledServer {
  /** Which provider, and why. */
  readonly reason: string;
  /** Starts the server, or gives the one that runs. Throws as `Provider.start`. */
  start(): Promise<Server>;
  /** Leaves the server up when its last user is done: it holds a database for a person to look at. */
  keep(): void;
  /** This user is done. The server stops when the last one is. */
  release(): Promise<void>;
}

export interface ServerPool extends AsyncDisposable {
  /** Chooses a provider now, and starts nothing. Throws `no-provider`. */
  reserve(wish: ServerWish): Promise<PooledServer>;
}

interface Slot {
  readonly choice: ProviderChoice;
  users: number;
  server: Promise<Server> | null;
  isKept: boolean;
}

/** An empty pool. Disposing it stops whatever still runs. */
export function openServerPool(): ServerPool {
  const slots = new Map<string, Promise<Slot>>();
  return {
    async reserve({ provider, dialect, request }) {
      const key = JSON.stringify([provider, dialect, request]);
      const opening =
        slots.get(key) ??
        chooseProvider(provider, dialect, { ...request, keep: false }).then((choice) => ({
          choice,
          users: 0,
          server: null,
          isKept: false,
        }));
      slots.set(key, opening);
      const slot = await opening;
      slot.users++;
      let isReleased = false;
      return {
        reason: slot.choice.reason,
        start: () => (slot.server ??= slot.choice.provider.start(requestOf(slot, request))),
        keep: () => {
          slot.isKept = true;
        },
        async release() {
          if (isReleased) return;
          isReleased = true;
          slot.users--;
          if (slot.users === 0) await stop(slot);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const opening of slots.values()) {
        const slot = await opening.catch(() => null);
        if (slot !== null) await stop(slot);
      }
    },
  };
}

/** Providers ask whether to keep a server when it is disposed: only then is it known. */
function requestOf(slot: Slot, request: ServerWish['request']): ServerRequest {
  return {
    ...request,
    get keep() {
      return slot.isKept;
    },
  };
}

async function stop(slot: Slot): Promise<void> {
  const starting = slot.server;
  slot.server = null;
  // A server that never came up has told so to whoever asked for it.
  const server = await starting?.catch(() => null);
  await server?.[Symbol.asyncDispose]();
}
