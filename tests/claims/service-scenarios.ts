/** The scenarios behind the claims of `service-schemas`, each for either form of the set. */
import {
  PAGINATION_INDICES,
  SCHEMAS,
  SMOKE_TESTS,
  TABLES,
} from '../../migrations/reference/service-schemas/smoke-tests.ts';
import type { ClaimOutcome, Form, Lab } from './claim.ts';
import { prismaDeploy, prismaResolveRolledBack } from './prisma-model.ts';
import {
  INDICES,
  meetWhileMakingSchemas,
  migrationOf,
  paginationQueries,
  POPULATE,
  readServices,
  startPrismaService,
  startRawService,
} from './service-start.ts';
import { endOf, openSession, rowsOf, runIn, structuralDifferences, structureOf, untilBlocked } from './sessions.ts';

const TRIES = 60;

const held = (evidence: string): ClaimOutcome => ({ verdict: 'held', evidence, replay: null });
const falsified = (evidence: string): ClaimOutcome => ({ verdict: 'falsified', evidence, replay: null });

/** The entrypoint runs three times; the second and the third change nothing. */
export async function judgeManyStarts(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = await lab.createDatabase();
  const services = await readServices(form);
  const first = await startPrismaService(url, services);
  const fresh = await structureOf(url);
  await startRawService(url, services);
  for (const start of [2, 3]) {
    const again = await startPrismaService(url, services);
    const changes = structuralDifferences(fresh, await structureOf(url));
    if (again.length + changes.length > 0) {
      return falsified(
        `start ${start} applied ${again.length} migrations and changed ${changes.join('; ') || 'nothing'}`,
      );
    }
  }
  return held(
    `3 starts: ${first.length} migrations applied by the first, none by the others; ${fresh.length} objects the same`,
  );
}

/** A deploy that was killed once is started again, as often as the document retries. */
export async function judgeRetries(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = await lab.createDatabase();
  const services = await readServices(form);
  await prismaDeploy(
    url,
    services.migrations.filter(({ name }) => name !== INDICES),
  );
  await killDuringIndices(url, form);
  const ends: string[] = [];
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    ends.push(await endOf(prismaDeploy(url, services.migrations)));
    if (ends.at(-1) === 'ok') return held(`a killed deploy was completed by try ${attempt} of ${TRIES}`);
  }
  const [end = ''] = new Set(ends);
  await prismaResolveRolledBack(url, INDICES);
  const { length } = await prismaDeploy(url, services.migrations);
  return falsified(
    `a deploy killed in ${INDICES} once: all of ${TRIES} tries end with ${end}; resolve --rolled-back lets the next one apply ${length}`,
  );
}

/** Everything that the smoke tests look for is there after a first start on an empty database. */
export async function judgeColdStart(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = await lab.createDatabase();
  await startPrismaService(url, await readServices(form));
  const missing = await Promise.all(SMOKE_TESTS.map(({ sql }) => rowsOf<{ missing: string }>(url, sql)));
  const names = missing.flat().map(({ missing: name }) => name);
  if (names.length > 0) return falsified(`missing after a cold start: ${names.join(', ')}`);
  return held(
    `${SCHEMAS.length} schemas, ${TABLES.length} tables and ${PAGINATION_INDICES.length} pagination indices are there`,
  );
}

/** Databases that exist when the indices come: one with rows, and one with an index of that name that somebody made by hand. */
export async function judgeExistingDatabase(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const services = await readServices(form);
  const before = services.migrations.filter(({ name }) => name !== INDICES);
  const freshUrl = await lab.createDatabase();
  await startPrismaService(freshUrl, services);
  const fresh = await structureOf(freshUrl);
  const kinds = [
    ['with 40,000 rows', POPULATE],
    [
      'with an index made by hand',
      "CREATE INDEX idx_invoices_issue_date ON financial.invoices (issue_date) WHERE status = 'SENT'",
    ],
  ] as const;
  for (const [kind, sql] of kinds) {
    const url = await lab.createDatabase();
    await prismaDeploy(url, before);
    await runIn(url, sql);
    await startPrismaService(url, services);
    const differences = structuralDifferences(fresh, await structureOf(url));
    if (differences.length > 0) return falsified(`a database ${kind}: ${differences.join('; ')}`);
  }
  return held(
    `${kinds.map(([kind]) => `a database ${kind}`).join(' and ')} end with the ${fresh.length} objects of a fresh one`,
  );
}

/** The planner's choice for the pages of all lists, on populated tables. `tampering` runs before: a claim must be able to fail. */
export async function judgePagination(lab: Lab, form: Form, tampering = ''): Promise<ClaimOutcome> {
  const url = await lab.createDatabase();
  await startPrismaService(url, await readServices(form));
  await runIn(url, `${POPULATE} ${tampering}`);
  const pages = paginationQueries();
  const plans = await Promise.all(
    pages.map(({ sql }) => rowsOf<{ 'QUERY PLAN': string }>(url, `EXPLAIN (COSTS OFF) ${sql}`)),
  );
  const texts = plans.map((rows) => rows.map((row) => row['QUERY PLAN'].trim()).join(' '));
  const failures = pages.flatMap(({ index, kind }, at) =>
    new RegExp(`(?:using|Bitmap Index Scan on) ${index} `).test(texts[at] ?? '')
      ? []
      : [`${index}, ${kind}: ${texts[at]}`],
  );
  if (failures.length > 0)
    return falsified(`${failures.length} of ${pages.length} plans use another way: ${failures[0]}`);
  const sorts = texts.filter((text) => text.includes('Sort')).length;
  return held(
    `${pages.length} of ${pages.length} plans on 10,000 rows a table use the index named for them; ${sorts} of them still sort`,
  );
}

/** `resolve --rolled-back` after the indices were applied; and what is left. */
export async function judgeRollback(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = await lab.createDatabase();
  const services = await readServices(form);
  await prismaDeploy(
    url,
    services.migrations.filter(({ name }) => name !== INDICES),
  );
  const before = await structureOf(url);
  await prismaDeploy(url, services.migrations);
  const end = await endOf(prismaResolveRolledBack(url, INDICES));
  const down = migrationOf(services.migrations, INDICES).down?.text ?? '';
  await runIn(url, down);
  const left = structuralDifferences(before, await structureOf(url));
  if (left.length > 0) {
    const names = left.map((line) => /INDEX (\w+)/.exec(line)?.[1] ?? line);
    return falsified(`resolve ends with ${end}; ${left.length} indices stay: ${names.join(', ')}`);
  }
  return held(`the ${before.length} objects of before are back by down.sql (resolve: ${end})`);
}

/** Services that start at the same time on an empty database: in the middle of each other's schemas, then all at once. */
export async function judgeStartsAtOnce(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const services = await readServices(form);
  for (const sender of ['prisma db execute', 'psql'] as const) {
    const end = await meetWhileMakingSchemas(await lab.createDatabase(), services, sender);
    if (end !== 'ok') return falsified(`two services make the schemas at once, the second by ${sender}: ${end}`);
  }
  const rounds = 5;
  let applied = 0;
  for (let round = 1; round <= rounds; round++) {
    const url = await lab.createDatabase();
    const prisma = [1, 2, 3].map(async () => {
      const { length } = await startPrismaService(url, services);
      applied += length;
    });
    const ends = await Promise.all([...prisma, startRawService(url, services)].map(endOf));
    const broken = ends.find((end) => end !== 'ok');
    if (broken !== undefined) return falsified(`round ${round} of four services at once: ${broken}`);
  }
  return held(
    `two services in the middle of each other's schemas, then ${rounds} rounds of four at once: none fails, ${applied} migrations run, each once a round`,
  );
}

/** Deploys, and ends the backend while the indices wait for a table that another session holds. */
async function killDuringIndices(url: string, form: Form): Promise<void> {
  const { migrations } = await readServices(form);
  await using holder = await openSession(url);
  await using watcher = await openSession(url);
  await holder.client.query('BEGIN; LOCK TABLE financial.clients IN ACCESS EXCLUSIVE MODE');
  let pid = 0;
  const deploy = endOf(
    prismaDeploy(url, migrations, {
      onMigration(_, session) {
        ({ pid } = session);
        void untilBlocked(watcher, pid).then(() => watcher.client.query('SELECT pg_terminate_backend($1)', [pid]));
      },
    }),
  );
  const end = await deploy;
  await holder.client.query('ROLLBACK');
  if (end === 'ok') throw new Error('The deploy was not killed.');
}
