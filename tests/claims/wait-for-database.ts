/** A database that is not up yet: nothing listens at its address; then everything that arrives there is passed on to it. */
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PalindromeError, up } from '../../harness/cli/library.ts';
import type { ClaimOutcome, Form, Lab } from './claim.ts';
import { rowsOf } from './sessions.ts';

const REFERENCE = join(import.meta.dirname, '../../migrations/reference');
const DEFAULT_DELAY_MS = 2_000;
const COMES_AFTER_MS = 500;

/** Deploys with `--wait` where no database comes (with the tries of the document, and with three), and where one comes between two tries. */
export async function judgeWaiting(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = new URL(await lab.createDatabase());
  const port = await findFreePort();
  const target = {
    path: join(REFERENCE, 'service-schemas', form),
    database: `postgresql://${url.username}@127.0.0.1:${port}${url.pathname}`,
    wait: true,
  };
  for (const waitTries of [undefined, 3]) {
    const end = await endOfWaiting(up({ ...target, waitTries, waitDelayMs: 5 }));
    const wanted = waitTries ?? 60;
    if (!end.includes(`tried ${wanted} times`))
      return outcome('falsified', `${wanted} tries where no database comes: ${end}`);
  }
  const startedAt = performance.now();
  await using passage = passOnLater(port, url);
  const { ended, done } = await up(target);
  const elapsedMs = performance.now() - startedAt;
  await passage.opened;
  if (ended !== 'done') return outcome('falsified', `the database came, and the deploy ended ${ended}`);
  if (elapsedMs < DEFAULT_DELAY_MS) return outcome('falsified', `the second try came ${elapsedMs} ms after the first`);
  const [row] = await rowsOf<{ n: string }>(
    url.href,
    `SELECT count(*) AS n FROM pg_indexes WHERE indexname LIKE 'idx!_%' ESCAPE '!'`,
  );
  return outcome(
    'held',
    `where none comes it gives up after 60 tries, or after 3 if told so; where one comes late the next try, no sooner than after the delay, applies ${done} migrations with ${row?.n} indices`,
  );
}

function outcome(verdict: ClaimOutcome['verdict'], evidence: string): ClaimOutcome {
  return { verdict, evidence, replay: null };
}

async function endOfWaiting(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'ok';
  } catch (error) {
    if (error instanceof PalindromeError && error.code === 'wait-exhausted') return error.message;
    throw error;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** After a while, passes connections to a port on to the database's own. */
function passOnLater(port: number, { hostname, port: to, searchParams }: URL) {
  const folder = searchParams.get('host');
  const server = createServer((client) => {
    const behind = folder === null ? connect(Number(to), hostname) : connect(`${folder}/.s.PGSQL.${to}`);
    client.on('error', () => behind.destroy());
    behind.on('error', () => client.destroy());
    client.pipe(behind).pipe(client);
  });
  const opened = sleep(COMES_AFTER_MS).then(
    async () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve)),
  );
  return {
    opened,
    async [Symbol.asyncDispose]() {
      await opened;
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
