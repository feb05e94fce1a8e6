/** The scenarios behind what `scenario-matrices` promises of its runner, each for either form of the set: the migrations through the ledger. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { down, PalindromeError, up } from '../../harness/cli/library.ts';
import { SCHEMA_TESTS } from '../../migrations/reference/scenario-matrices/schema-tests.ts';
import type { ClaimOutcome, Form, Lab } from './claim.ts';
import { endOf, rowsOf, runIn, structuralDifferences, structureOf } from './sessions.ts';

const REFERENCE = join(import.meta.dirname, '../../migrations/reference');
const MATRICES = '0002_create_scenario_matrices.sql';
const KEY_COLUMN = '  matrix_key TEXT NOT NULL';

const held = (evidence: string): ClaimOutcome => ({ verdict: 'held', evidence, replay: null });
const falsified = (evidence: string): ClaimOutcome => ({ verdict: 'falsified', evidence, replay: null });

/** Up on an empty database: what the schema tests list is there; up again: nothing runs and nothing changes. */
export async function judgeExecution(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const database = await lab.createDatabase();
  const target = { path: folderOf(form), database, yes: true };
  const dryRun = await up({ ...target, dryRun: true });
  const touched = await structureOf(database);
  if (touched.join() !== 'schema public') return falsified(`a dry run wrote ${touched.join(', ')}`);
  const first = await up(target);
  const made = await structureOf(database);
  const wrong = await Promise.all(
    SCHEMA_TESTS.map(async ({ id, sql }) => ((await rowsOf(database, sql)).length > 0 ? [id] : [])),
  );
  if (first.ended !== 'done' || wrong.flat().length > 0)
    return falsified(`up ended ${first.ended}; not so: ${wrong.flat().join(', ')}`);
  const second = await up(target);
  const changes = structuralDifferences(made, await structureOf(database));
  if (second.steps.length + changes.length > 0)
    return falsified(`a second up ran ${second.steps.length} steps: ${changes.join('; ')}`);
  return held(
    `a dry run plans ${dryRun.steps.length} and writes nothing; up runs ${first.done}, all ${SCHEMA_TESTS.length} schema tests agree; a second up runs none`,
  );
}

/** The first design of 0002 (with its foreign key) ran; then the file is edited, as the document did. */
export async function judgeChangedFile(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const database = await lab.createDatabase();
  const folder = join(await lab.createFolder(), 'migrations');
  await cp(folderOf(form), folder, { recursive: true, filter: (file) => !file.endsWith('.ts') });
  const edited = await readFile(join(folder, MATRICES), 'utf8');
  const first = edited.replace(KEY_COLUMN, `  scenario_id UUID REFERENCES portfolio_scenarios (id),\n${KEY_COLUMN}`);
  await writeFile(join(folder, MATRICES), first);
  await runIn(database, 'CREATE TABLE portfolio_scenarios (id UUID PRIMARY KEY)');
  const target = { path: folder, database, yes: true, dialect: 'postgres', layout: 'plain' } as const;
  await up(target);
  const before = await structureOf(database);
  await writeFile(join(folder, MATRICES), edited);
  const end = await refusalOf(up(target));
  const changes = structuralDifferences(before, await structureOf(database));
  const sums = [...(end?.message ?? '').matchAll(/\b[0-9a-f]{64}\b/gu)];
  if (end?.code !== 'migration-changed' || sums.length !== 2 || !end.message.includes(MATRICES) || changes.length > 0) {
    return falsified(
      `an edited ${MATRICES} ends with ${end?.message ?? 'no refusal'}; changed: ${changes.join('; ') || 'nothing'}`,
    );
  }
  return held(
    `the first design of ${MATRICES} ran, then the file was edited: refused with both sums and the file (${end.code}), nothing changed`,
  );
}

/** Each step back, the last first, then all at once: by the down file, or by dropping what the migration made. */
export async function judgeRollbackOfRuns(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const database = await lab.createDatabase();
  const target = { path: folderOf(form), database, yes: true };
  const states: (readonly string[])[] = [await structureOf(database)];
  for (const to of ['0001', '0002', '0003']) {
    await up({ ...target, to });
    states.push(await structureOf(database));
  }
  const ways: string[] = [];
  for (const at of [2, 1, 0]) {
    const { steps } = await down({ ...target, inferDrop: true });
    ways.push(...steps.map(({ by }) => by));
    const left = structuralDifferences(states[at] ?? [], await structureOf(database));
    if (left.length > 0) return falsified(`one step back from ${at + 1} does not restore: ${left.join('; ')}`);
  }
  await up(target);
  await down({ ...target, steps: 3, inferDrop: true });
  const left = structuralDifferences(states[0] ?? [], await structureOf(database));
  if (left.length > 0) return falsified(`three steps back at once do not restore: ${left.join('; ')}`);
  const inferred = ways.filter((by) => by === 'inferred').length;
  return held(
    `3 steps one by one and 3 at once restore every state (${inferred} by inferred drop, ${ways.length - inferred} by down file)`,
  );
}

/** An inferred drop of tables that hold rows. */
export async function judgeDropOfRows(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const database = await lab.createDatabase();
  const target = { path: folderOf(form), database, yes: true };
  await up(target);
  await runIn(
    database,
    `INSERT INTO scenario_matrices (id, matrix_key, fund_id, taxonomy_version, scenario_config) VALUES (md5('m')::uuid, 'k', 'f', 'v', '{}');
     INSERT INTO optimization_sessions (matrix_id, optimization_config) VALUES (md5('m')::uuid, '{}')`,
  );
  const end = await endOf(refuseFailure(down({ ...target, inferDrop: true })));
  const [row] = await rowsOf<{ n: string }>(database, 'SELECT count(*) AS n FROM optimization_sessions');
  if (end === 'ok' || row?.n !== '1') return falsified(`a step back ends with ${end}, ${row?.n ?? 0} of 1 rows left`);
  return held(`refused while optimization_sessions holds a row: ${shorten(end)}`);
}

/** The three tables are there before the first up, from prior work, with a row each; then up, and as far back as it goes. */
export async function judgeForeignTables(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const outcomes: string[] = [];
  const lost: string[] = [];
  const kept: string[] = [];
  for (const [migration, table] of TABLES) {
    const database = await lab.createDatabase();
    const target = { path: folderOf(form), database, yes: true, to: migration };
    await runIn(database, `${await definitionOf(table, migration)}; ${ROWS[table]}`);
    const forward = await endOf(refuseFailure(up(target)));
    const back =
      forward === 'ok' ? await endOf(refuseFailure(down({ ...target, to: undefined, inferDrop: true }))) : 'not run';
    const rows = await endOf(rowsOf(database, `SELECT * FROM ${table}`));
    if (rows !== 'ok') lost.push(`${table}, there before with a row, is gone after up and down of ${migration}`);
    else kept.push(table);
    outcomes.push(`${table}: up ${shorten(forward)}, down ${shorten(back)}`);
  }
  if (lost.length > 0) return falsified(`${lost.join('; ')}; ${kept.join(' and ')}, without a down file, stay`);
  return held(`tables with a row that were there before stay (${outcomes.join('; ')})`);
}

const TABLES = [
  ['0001', 'job_outbox'],
  ['0002', 'scenario_matrices'],
  ['0003', 'optimization_sessions'],
] as const;

const ROWS = {
  job_outbox: `INSERT INTO job_outbox (job_type, payload) VALUES ('refresh', '{}')`,
  scenario_matrices: `INSERT INTO scenario_matrices (matrix_key, fund_id, taxonomy_version, scenario_config) VALUES ('k', 'f', 'v', '{}')`,
  optimization_sessions: `INSERT INTO scenario_matrices (id, matrix_key, fund_id, taxonomy_version, scenario_config)
    VALUES (md5('m')::uuid, 'k', 'f', 'v', '{}'); INSERT INTO optimization_sessions (matrix_id, optimization_config) VALUES (md5('m')::uuid, '{}')`,
};

/** The table as the document has it, and the one that it refers to. */
async function definitionOf(table: keyof typeof ROWS, migration: string): Promise<string> {
  const files =
    migration === '0003'
      ? ['0002_create_scenario_matrices', '0003_create_optimization_sessions']
      : [`${migration}_create_${table}`];
  const texts = await Promise.all(
    files.map(async (file) => readFile(join(folderOf('as-documented'), `${file}.sql`), 'utf8')),
  );
  return texts.map((text) => /CREATE TABLE[^;]*/u.exec(text)?.[0] ?? '').join(';\n');
}

function folderOf(form: Form): string {
  return join(REFERENCE, 'scenario-matrices', form);
}

/** A run whose script failed, or that was refused, as an error. */
async function refuseFailure(run: ReturnType<typeof up>): Promise<void> {
  const { failure, ended } = await run;
  if (ended === 'done') return;
  const { outcome, reasons } = failure ?? { outcome: null, reasons: [] };
  throw new Error(outcome?.status === 'failed' ? outcome.fault.message : reasons.join('; ') || ended);
}

async function refusalOf(run: Promise<unknown>): Promise<PalindromeError | null> {
  try {
    await run;
    return null;
  } catch (error) {
    if (error instanceof PalindromeError) return error;
    throw error;
  }
}

function shorten(end: string): string {
  return end === 'ok' ? 'done' : (end.split('\n')[0]?.replace(/:$/u, '') ?? end);
}
