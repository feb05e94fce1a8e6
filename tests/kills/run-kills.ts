/**
 * `npm run kills`: kills runs at random moments and looks at what they leave and at what they said.
 *
 *     npm run kills                      50 moments, spread over everything that can be killed
 *     npm run kills -- --moments N       so many
 *     npm run kills -- --kind NAME       only this kind (may be given again)
 *     npm run kills -- --seed N          other moments
 *
 * Containers are killed where an engine has the image (`PALINDROME_TEST_IMAGE`, or the official one); the table says when not.
 * Exit code 0: nothing was left and nothing contradicted a clean run, at every moment. 1: not so. 2: the command line is wrong.
 */
import fc from 'fast-check';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../harness/core/errors.ts';
import { containerProvider } from '../../harness/providers/container.ts';
import { openKillLab } from './kill-lab.ts';
import type { Moment } from './kill-lab.ts';
import { KILL_KINDS } from './kinds.ts';
import type { KillKind } from './kinds.ts';

const MAIN = join(import.meta.dirname, '../../dist/harness/cli/main.js');

interface Wish {
  readonly kinds: readonly KillKind[];
  readonly fractions: readonly number[];
}

function readCommand(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      moments: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string', multiple: true, default: [] },
    },
  });
  const stranger = values.kind.find((name) => !KILL_KINDS.some((kind) => kind.name === name));
  if (stranger !== undefined)
    throw new Error(`There is no kind ${stranger}; there are ${KILL_KINDS.map(({ name }) => name).join(', ')}.`);
  if (!/^[1-9]\d{0,3}$/u.test(values.moments))
    throw new Error(`--moments is a number from 1 to 9999, not ${values.moments}.`);
  if (!/^\d{1,9}$/u.test(values.seed)) throw new Error(`--seed is a number, not ${values.seed}.`);
  const fractions = fc
    .sample(fc.noBias(fc.integer({ min: 10, max: 990 })), {
      numRuns: Number(values.moments),
      seed: Number(values.seed),
    })
    .map((thousandths) => thousandths / 1000);
  return { kinds: KILL_KINDS.filter(({ name }) => values.kind.length === 0 || values.kind.includes(name)), fractions };
}

function show(moment: Moment): string {
  const { kind, fraction, hitAfterMs, hit, exitCode, compared, databasesFirst, left, contradictions } = moment;
  return [
    kind.padEnd(21),
    `${(fraction * 100).toFixed(1)} %`.padStart(7),
    (hitAfterMs === null ? 'ended' : `${(hitAfterMs / 1000).toFixed(2)} s`).padStart(8),
    `  ${hit}`.padEnd(36),
    String(exitCode ?? 'killed').padStart(6),
    String(compared).padStart(9),
    String(databasesFirst).padStart(10),
    String(left.length).padStart(5),
    String(contradictions.length).padStart(15),
  ].join('');
}

async function main(): Promise<number> {
  let wish: Wish;
  try {
    wish = readCommand(process.argv.slice(2));
  } catch (error) {
    console.error(messageOf(error));
    return 2;
  }
  const image = process.env['PALINDROME_TEST_IMAGE'] ?? null;
  const request = { postgres: null, image, serverUrl: null, allowRemote: false, keep: false };
  const probe = await containerProvider.probe(request);
  const kinds = wish.kinds.filter(({ provider }) => provider !== 'container' || probe.works);
  if (!probe.works) console.log(`Containers are not killed: ${probe.reason}`);
  await using lab = await openKillLab({ command: [process.execPath, MAIN], image });
  console.log(`${'killed'.padEnd(21)} moment   after  ${'hit'.padEnd(35)}exit  compared databases left contradictions`);
  const moments: Moment[] = [];
  for (const [at, fraction] of wish.fractions.entries()) {
    const kind = kinds[at % kinds.length];
    if (kind === undefined) break;
    const moment = await lab.kill(kind, fraction);
    moments.push(moment);
    console.log(show(moment));
    for (const wrong of [...moment.left, ...moment.contradictions]) console.log(`    ${wrong}`);
  }
  const hit = moments.filter(({ hitAfterMs }) => hitAfterMs !== null);
  const sum = (of: (moment: Moment) => number): number => moments.reduce((total, moment) => total + of(moment), 0);
  const left = sum((moment) => moment.left.length);
  const contradictions = sum((moment) => moment.contradictions.length);
  console.log(
    `${moments.length} moments, ${hit.length} of them before the end; ${sum(({ compared }) => compared)} statements compared; left: ${left}; contradictions: ${contradictions}`,
  );
  return moments.length > 0 && left + contradictions === 0 ? 0 : 1;
}

process.exitCode = await main();
