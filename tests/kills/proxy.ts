/** A network that can be cut: a TCP port of this machine whose connections lead to a server's Unix socket, until they are reset. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Disposing it cuts and closes it. */
export interface Network extends AsyncDisposable {
  readonly port: number;
  /** Resets every connection on both sides, and refuses new ones from now on. Returns how many there were. */
  cut(): Promise<number>;
}

/** Opens a port that leads to a socket. */
export async function openNetwork(socketPath: string): Promise<Network> {
  const open = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(socketPath);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  let closing: Promise<void> | null = null;
  const cut = async (): Promise<number> => {
    const connections = open.size / 2;
    closing ??= new Promise((resolve) => listener.close(() => resolve()));
    for (const socket of open) {
      if (socket.remotePort === undefined) socket.destroy();
      else socket.resetAndDestroy();
    }
    await closing;
    return connections;
  };
  return {
    port: (listener.address() as AddressInfo).port,
    cut,
    async [Symbol.asyncDispose]() {
      await cut();
    },
  };
}
