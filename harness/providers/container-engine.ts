/**
 * The container engine as Testcontainers finds it. Testcontainers is loaded only when a container is wanted: it takes longer to load than
 * an embedded server takes to start.
 */
import type { ContainerRuntimeClient } from 'testcontainers';
import { PalindromeError, messageOf } from '../core/errors.ts';

const ANSWER_LIMIT_MS = 5_000;
const REGISTRY_LIMIT_MS = 4_000;

export interface ContainerEngine {
  readonly client: ContainerRuntimeClient;
  /** `Docker 20.10.24` or what the engine calls itself. */
  readonly description: string;
  /** As in `DOCKER_HOST`; null where only the client's own configuration tells. */
  readonly address: string | null;
}

/** Whether an image can be had: it is here, its registry would hand it out, or neither, with the registry's words. */
export type ImageState =
  | { readonly found: 'locally' }
  | { readonly found: 'in-registry' }
  | { readonly found: 'nowhere'; readonly reason: string };

/** The engine that answers. Throws `PalindromeError` code `no-container-engine`. */
export async function openContainerEngine(): Promise<ContainerEngine> {
  // Our leases and watchdog do what Testcontainers' reaper does, without a second image; whoever wants both sets the variable to `false`.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    const client = await withLimit(getContainerRuntimeClient(), ANSWER_LIMIT_MS, 'the engine did not answer in time');
    return { client, description: `engine ${client.info.containerRuntime.serverVersion}`, address: addressOf(client) };
  } catch (error) {
    throw new PalindromeError('no-container-engine', `No container engine answers (${messageOf(error)}).`, {
      kind: 'environment',
      hint: 'Start Docker or Podman (set DOCKER_HOST if its socket is not in the usual place), or use --provider embedded.',
      cause: error,
    });
  }
}

/** Looks for an image here and in its registry, without fetching it. Takes at most a few seconds. */
export async function findImage(engine: ContainerEngine, image: string): Promise<ImageState> {
  const handle = engine.client.container.dockerode.getImage(image);
  try {
    await withLimit(handle.inspect(), ANSWER_LIMIT_MS, 'the engine did not answer in time');
    return { found: 'locally' };
  } catch {
    // Not here: the registry may have it.
  }
  try {
    await withLimit(
      handle.distribution(),
      REGISTRY_LIMIT_MS,
      `the registry did not answer within ${REGISTRY_LIMIT_MS / 1000} s`,
    );
    return { found: 'in-registry' };
  } catch (error) {
    return {
      found: 'nowhere',
      reason: messageOf(error)
        .replace(/^\(HTTP code \d+\) [^-]*- /, '')
        .trim(),
    };
  }
}

function addressOf(client: ContainerRuntimeClient): string | null {
  const modem = client.container.dockerode.modem as {
    socketPath?: unknown;
    protocol?: unknown;
    host?: unknown;
    port?: unknown;
  };
  if (typeof modem.socketPath === 'string') return `unix://${modem.socketPath}`;
  // With TLS the certificates matter as well: the client's own DOCKER_* variables have them.
  return modem.protocol === 'http' && typeof modem.host === 'string'
    ? `tcp://${modem.host}:${String(modem.port)}`
    : null;
}

async function withLimit<Value>(work: Promise<Value>, limitMs: number, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
