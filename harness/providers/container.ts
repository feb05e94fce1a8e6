/**
 * Servers in containers, by Testcontainers. The container's name comes from the run, so that it can be removed by whoever
 * knows the lease, even if the harness is killed before the engine has answered.
 */
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { randomBytes } from 'node:crypto';
import { PalindromeError, messageOf } from '../core/errors.ts';
import type { Probe, Provider, Server, ServerRequest } from '../core/provider.ts';
import { parseMajor } from './binaries.ts';
import { findImage, openContainerEngine } from './container-engine.ts';
import type { ContainerEngine } from './container-engine.ts';
import { makeRunId, takeLease } from './lease.ts';
import type { Lease } from './lease.ts';
import { openRoot } from './places.ts';
import { DEFAULT_MAJOR, SUPERUSER, initFlags, serverFlags } from './settings.ts';
import { sweep } from './sweep.ts';

const START_LIMIT_MS = 60_000;
/** Not the image's own folder, which differs between majors and is a volume: this one is memory. */
const MEMORY = '/palindrome';

/** PostgreSQL in a container: `request.image`, or the official Alpine image of the major. */
export const containerProvider: Provider = {
  name: 'container',
  dialect: 'postgres',
  probe: probeContainer,
  start: startContainer,
};

/** The image of a request. */
function imageOf(request: ServerRequest): string {
  return request.image ?? `postgres:${parseMajor(request.postgres ?? DEFAULT_MAJOR)}-alpine`;
}

async function probeContainer(request: ServerRequest): Promise<Probe> {
  try {
    const image = imageOf(request);
    const engine = await openContainerEngine();
    const state = await findImage(engine, image);
    if (state.found === 'nowhere') throw noImage(image, state.reason);
    return {
      works: true,
      detail: `${image} ${state.found === 'locally' ? 'on' : 'from its registry, on'} container ${engine.description}`,
    };
  } catch (error) {
    const hint = error instanceof PalindromeError ? error.hint : undefined;
    return { works: false, reason: messageOf(error), remedy: hint ?? 'Use --provider embedded.' };
  }
}

async function startContainer(request: ServerRequest): Promise<Server> {
  const image = imageOf(request);
  const [engine, root] = await Promise.all([openContainerEngine(), openRoot(), sweep()]);
  const runId = makeRunId();
  const name = `palindrome-${runId}`;
  const lease = await takeLease(root, runId, { folders: [], container: { name, engine: engine.address } });
  try {
    const container = await launch(engine, image, name, lease, request);
    return makeServer(request, lease, engine, container);
  } catch (error) {
    await lease.abandon();
    if (error instanceof PalindromeError) throw error;
    throw explain(engine, image, error);
  }
}

async function launch(
  engine: ContainerEngine,
  image: string,
  name: string,
  lease: Lease,
  request: ServerRequest,
): Promise<StartedPostgreSqlContainer> {
  const state = await findImage(engine, image);
  if (state.found === 'nowhere') throw noImage(image, state.reason);
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const { owner, runId } = lease.terms;
  // An image of unknown contents gets no flags that its major might not know.
  const init = request.image === null ? initFlags(parseMajor(request.postgres ?? DEFAULT_MAJOR)) : initFlags('15');
  return new PostgreSqlContainer(image)
    .withName(name)
    .withLabels({ 'palindrome.run': runId, 'palindrome.owner': `${owner.pid}@${owner.host}` })
    .withUsername(SUPERUSER)
    .withDatabase('postgres')
    .withPassword(randomBytes(18).toString('base64url'))
    .withEnvironment({ PGDATA: `${MEMORY}/data`, POSTGRES_INITDB_ARGS: init.join(' ') })
    .withTmpFs({ [MEMORY]: 'rw,mode=0755' })
    .withCommand(['postgres', ...serverFlags()])
    .withStartupTimeout(START_LIMIT_MS)
    .start();
}

function makeServer(
  request: ServerRequest,
  lease: Lease,
  engine: ContainerEngine,
  container: StartedPostgreSqlContainer,
): Server {
  let disposal: Promise<void> | null = null;
  const dispose = async (): Promise<void> => {
    if (request.keep) return lease.transfer(null);
    try {
      await engine.client.container.dockerode.getContainer(container.getId()).remove({ force: true, v: true });
    } catch (error) {
      if (!isGone(error)) return removeByForce(lease, error);
    }
    await lease.release();
  };
  return {
    dialect: 'postgres',
    provider: 'container',
    host: container.getHost(),
    port: container.getPort(),
    user: container.getUsername(),
    password: container.getPassword(),
    database: container.getDatabase(),
    ssl: false,
    runId: lease.terms.runId,
    isExclusive: true,
    crash: { isPossible: false, why: 'the data of a container are in its memory, and would be lost with its server' },
    [Symbol.asyncDispose]: () => (disposal ??= dispose()),
  };
}

/** Another hand was faster: the container is not there, or its removal is under way. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 409);
}

async function removeByForce(lease: Lease, error: unknown): Promise<void> {
  if (await lease.abandon()) return;
  const name = lease.terms.container?.name ?? '';
  throw new PalindromeError('server-not-removed', `The container ${name} could not be removed: ${messageOf(error)}`, {
    kind: 'environment',
    hint: `The next run tries again; by hand: docker rm -f -v ${name}`,
    cause: error,
  });
}

function noImage(image: string, reason: string): PalindromeError {
  return new PalindromeError(
    'image-not-found',
    `The image ${image} is neither on this machine nor in its registry: ${reason}`,
    {
      kind: 'environment',
      hint: 'Pull or name another image (--image), build one with scripts/build-postgres-image.sh, or use --provider embedded.',
    },
  );
}

function explain(engine: ContainerEngine, image: string, error: unknown): PalindromeError {
  return new PalindromeError(
    'container-not-started',
    `PostgreSQL in a container of ${image} (${engine.description}) did not start: ${messageOf(error)}`,
    {
      kind: 'environment',
      hint: 'Check that the image is a PostgreSQL image that behaves like the official one; `docker run --rm -e POSTGRES_PASSWORD=x IMAGE` shows its log.',
      cause: error,
    },
  );
}
