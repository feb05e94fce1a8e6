/**
 * What workers on a queue gain, and what killing them costs: one campaign by one process, by one worker and by two; and ten times by four workers of which
 * two are killed at random moments, compared with the one process. Says how busy the machine was: numbers of a busy machine say little.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { makeCampaign, reportOf, startWorker, withoutTimes } from '../tests/queue/support.ts';
import { startSharedServer } from '../tests/store/places.ts';

const SET = ['migrations/reference/risk-daemon/as-documented'];
const EACH = Number(process.env['QUEUE_CASES'] ?? 200);
const REPETITIONS = Number(process.env['QUEUE_REPETITIONS'] ?? 10);

const load = (): string =>
  `load ${loadavg()
    .map((n) => n.toFixed(1))
    .join(' ')} on ${cpus().length} processors`;
await using server = await startSharedServer();
await using campaign = await makeCampaign(SET, EACH);
console.log(load());
const startedMs = Date.now();
const alone = await campaign.alone();
console.log(`one process: ${seconds(Date.now() - startedMs)} s, ${alone.fuzz?.cases} cases`);

let first = 0;
for (const workers of [1, 2]) {
  const ms = await timed(workers);
  first ||= ms;
  const gain = first / ms;
  console.log(
    `${workers} workers: ${seconds(ms)} s, ${gain.toFixed(2)} of one, ${(gain / workers).toFixed(2)} n; ${load()}`,
  );
}

let same = 0;
for (let turn = 1; turn <= REPETITIONS; turn++) {
  const url = await server.makeDatabase();
  const submitter = await campaign.submit(url);
  const workers = Array.from({ length: 4 }, () => startWorker(url, []));
  for (const { child } of workers.slice(0, 2)) {
    await sleep(2_000 + Math.random() * 8_000);
    child.kill('SIGKILL');
  }
  const isSame = isDeepStrictEqual(withoutTimes(reportOf(await submitter.finished)), withoutTimes(alone));
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ finished }) => finished));
  if (isSame) same++;
  console.log(`${turn}: two of four killed, ${isSame ? 'the same report' : 'ANOTHER REPORT'}; ${load()}`);
}
console.log(`${same} of ${REPETITIONS} the same`);
process.exitCode = same === REPETITIONS ? 0 : 1;

/** Workers wait before the campaign is submitted, so that their start is not counted. */
async function timed(count: number): Promise<number> {
  const url = await server.makeDatabase();
  const workers = Array.from({ length: count }, () => startWorker(url, ['--workers', '1']));
  await sleep(8_000);
  const submittedMs = Date.now();
  const submitter = await campaign.submit(url);
  reportOf(await submitter.finished);
  const ms = Date.now() - submittedMs;
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ finished }) => finished));
  return ms;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
