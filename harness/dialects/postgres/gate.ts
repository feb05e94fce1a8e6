/**
 * A way in for other programs' drivers: a port on loopback in front of a server that listens on a Unix socket alone, where no driver can be
 * told the socket's folder in the same way as another. The server trusts whoever reaches its socket, so the gate asks for a password that
 * only its own URL holds; after that it is a pipe.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { PostgresServer } from './connection.ts';

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const ASK_FOR_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
const PASSWORD = 0x70;
/** No first message of an honest client is longer. */
const MOST_BYTES = 16_384;

/** An open gate. */
export interface Gate {
  readonly port: number;
  readonly password: string;
  /** Closes the port and every connection through it. */
  close(): Promise<void>;
}

/** Opens a gate to a server whose `host` is the folder of its socket. */
export async function openGate(server: PostgresServer): Promise<Gate> {
  const password = randomBytes(18).toString('hex');
  const socketPath = join(server.host, `.s.PGSQL.${server.port}`);
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // What breaks on one side ends the other; neither may end the process.
    socket.on('error', () => socket.destroy());
  };
  const listener = createServer((client) => {
    track(client);
    letIn(client, password, (first) => {
      const inside = createConnection(socketPath);
      track(inside);
      inside.write(first);
      client.pipe(inside);
      inside.pipe(client);
      client.on('close', () => inside.destroy());
      inside.on('close', () => client.destroy());
    });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  listener.unref();
  return { port: (listener.address() as AddressInfo).port, password, close: () => closeAll(listener, sockets) };
}

async function closeAll(listener: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    listener.close(() => resolve());
  });
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** Reads messages until the client has shown the password, and passes on its start-up message with whatever came after. */
function letIn(client: Socket, password: string, pass: (first: Buffer) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  let startup: Buffer | null = null;
  const accept = (first: Buffer): void => {
    client.off('data', read);
    client.pause();
    pass(first);
  };
  const read = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk]);
    if (pending.length > MOST_BYTES) client.destroy();
    for (
      let length = messageLength(pending, startup);
      length !== null && !client.destroyed;
      length = messageLength(pending, startup)
    ) {
      const message = pending.subarray(0, length);
      pending = pending.subarray(length);
      if (startup !== null) {
        if (!isPassword(message, password)) client.destroy();
        else return accept(Buffer.concat([startup, pending]));
      } else if (isAsking(message)) {
        client.write('N');
      } else if (message.readUInt32BE(4) === CANCEL_REQUEST) {
        return accept(message);
      } else {
        startup = message;
        client.write(ASK_FOR_PASSWORD);
      }
    }
  };
  client.on('data', read);
}

/** The length of the first message, if it is there as a whole: messages before start-up have no type. */
function messageLength(bytes: Buffer, startup: Buffer | null): number | null {
  const at = startup === null ? 0 : 1;
  if (bytes.length < at + 8) return null;
  const length = bytes.readUInt32BE(at) + at;
  return bytes.length < length ? null : length;
}

function isAsking(message: Buffer): boolean {
  return [SSL_REQUEST, GSS_REQUEST].includes(message.readUInt32BE(4));
}

function isPassword(message: Buffer, password: string): boolean {
  const given = message.subarray(5, -1);
  const wanted = Buffer.from(password);
  return message[0] === PASSWORD && given.length === wanted.length && timingSafeEqual(given, wanted);
}
