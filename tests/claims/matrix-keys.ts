/** The scenarios behind what is promised of `matrix_key`, each for either form of `scenario-matrices`. */
import fc from 'fast-check';
import { RECALL, REMEMBER } from '../../migrations/reference/scenario-matrices/cache.ts';
import { matrixKey, scenarioText } from '../../migrations/reference/scenario-matrices/matrix-key.ts';
import type { ConfigValue, Scenario } from '../../migrations/reference/scenario-matrices/matrix-key.ts';
import { parseConfig } from '../../migrations/reference/scenario-matrices/parse-config.ts';
import { asJson, asValue, choices, choicesFrom, isSame, pair, tree } from '../reference-sets/scenario-arbitraries.ts';
import type { ClaimOutcome, Form, Lab } from './claim.ts';
import { readForm } from './read-form.ts';
import { endOf, openSession, rowsOf, runIn } from './sessions.ts';

const SET = 'scenario-matrices';
const RUNS = { numRuns: 1_000, seed: 1 };

const held = (evidence: string): ClaimOutcome => ({ verdict: 'held', evidence, replay: null });
const falsified = (evidence: string): ClaimOutcome => ({ verdict: 'falsified', evidence, replay: null });

/** A key as a function of the configuration alone. */
export type KeyOf = (config: ConfigValue) => string;

const inOneFund: KeyOf = (config) => matrixKey(scenarioOf(config));

/** Every way to write one configuration gives one key. */
export async function judgeSameKey(_lab?: Lab, _form?: Form, keyOf: KeyOf = inOneFund): Promise<ClaimOutcome> {
  const details = await fc.check(
    fc.asyncProperty(tree, choices, choices, async (of, one, other) => {
      const ways = [
        asValue(of, choicesFrom(one)),
        asValue(of, choicesFrom(other)),
        parseConfig(asJson(of, choicesFrom(other))),
      ];
      return new Set(ways.map(keyOf)).size === 1;
    }),
    RUNS,
  );
  if (details.counterexample === null)
    return held(`${details.numRuns} configurations, written in three ways each: one key each`);
  const [of, one, other] = details.counterexample;
  return falsified(`two keys for ${asJson(of, choicesFrom(one))} and ${asJson(of, choicesFrom(other))}`);
}

/** Two configurations have one key exactly where a comparison that knows nothing of texts and hashes takes them for the same. */
export async function judgeDifferentKeys(_lab?: Lab, _form?: Form, keyOf: KeyOf = inOneFund): Promise<ClaimOutcome> {
  let same = 0;
  const plainly = choicesFrom([]);
  const details = await fc.check(
    fc.asyncProperty(pair, async ([a, b]) => {
      const expected = isSame(a, b);
      same += Number(expected);
      return (keyOf(asValue(a, plainly)) === keyOf(asValue(b, plainly))) === expected;
    }),
    RUNS,
  );
  if (details.counterexample === null) {
    return held(`${details.numRuns} pairs of configurations: ${same} are the same and share a key, no other pair does`);
  }
  const [[a, b]] = details.counterexample;
  return falsified(`${asJson(a, plainly)} and ${asJson(b, plainly)} ${isSame(a, b) ? 'have two keys' : 'share a key'}`);
}

/** The database refuses a second row with a key, lets eight sessions note one scenario as one row, and computes the same hash itself. */
export async function judgeUniqueness(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = await createTables(lab, form);
  const scenario = scenarioOf({ discount: 0.1 });
  const sessions = await Promise.all(Array.from({ length: 8 }, () => openSession(url)));
  try {
    const ids = await Promise.all(
      sessions.map(({ client }) => client.query<{ id: string }>(REMEMBER, noteOf(scenario))),
    );
    const different = new Set(ids.map(({ rows }) => rows[0]?.id));
    if (different.size !== 1) return falsified(`8 sessions at once note one scenario as ${different.size} rows`);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
  const second = await endOf(rowsOf(url, `${REMEMBER.split('ON CONFLICT')[0]}`, noteOf(scenario)));
  if (!second.startsWith('23505')) return falsified(`a second row with the same key ends with ${second}`);
  const strangers = await rowsOf(
    url,
    `SELECT id FROM scenario_matrices WHERE matrix_key <> encode(sha256(convert_to(scenario_config, 'UTF8')), 'hex')`,
  );
  if (strangers.length > 0) return falsified('the database computes another hash of the same text');
  return held(
    `8 sessions at once note one scenario as one row; a second insert is refused (${second.slice(0, 5)}); PostgreSQL's sha256 agrees`,
  );
}

/** Another scenario arrives under a key that is taken, as it would if two hashes were equal. */
export async function judgeCollision(lab: Lab, form: Form): Promise<ClaimOutcome> {
  const url = await createTables(lab, form);
  const [mine, other] = [scenarioOf({ discount: 0.1 }), scenarioOf({ discount: 0.2 })];
  const key = matrixKey(mine);
  await rowsOf(url, REMEMBER, noteOf(mine));
  const before = await rowsOf(url, 'SELECT * FROM scenario_matrices');
  const noted = await rowsOf(url, REMEMBER, [key, ...noteOf(other).slice(1)]);
  const found = await rowsOf(url, RECALL, [key, scenarioText(other)]);
  const after = await rowsOf(url, 'SELECT * FROM scenario_matrices');
  if (noted.length + found.length > 0) return falsified(`a scenario under another one's key is taken for it`);
  if (JSON.stringify(before) !== JSON.stringify(after)) return falsified('a collision changed the row that was there');
  return held(
    'another scenario under a key that is taken: noting it returns no row, looking it up finds nothing, the first row stays as it was',
  );
}

/** A lookup among 5,000 scenarios, and the plan for it. `tampering` runs before: a claim must be able to fail. */
export async function judgeLookup(lab: Lab, form: Form, tampering = ''): Promise<ClaimOutcome> {
  const url = await createTables(lab, form);
  await runIn(
    url,
    `INSERT INTO scenario_matrices (matrix_key, fund_id, taxonomy_version, scenario_config)
     SELECT encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), 'fund-' || n % 10, 'v1.2', n::text FROM generate_series(1, 5000) n`,
  );
  const scenario = scenarioOf({ discount: 0.1, horizon: [1, 5, 10] });
  const [noted] = await rowsOf<{ id: string }>(url, REMEMBER, noteOf(scenario));
  await runIn(url, `ANALYZE scenario_matrices; ${tampering}`);
  const sameOtherwise = scenarioOf(parseConfig('{"horizon": [1.0, 5e0, 1e1], "discount": 1e-1}'));
  const ask = [matrixKey(sameOtherwise), scenarioText(sameOtherwise)];
  const [found] = await rowsOf<{ id: string }>(url, RECALL, ask);
  if (found?.id === undefined || found.id !== noted?.id)
    return falsified('the scenario, written otherwise, is not found by its key');
  const plan = await rowsOf<{ 'QUERY PLAN': string }>(
    url,
    `EXPLAIN (COSTS OFF) ${RECALL.replace('$1', `'${ask[0]}'`).replace('$2', `'${ask[1]}'`)}`,
  );
  const text = plan.map((row) => row['QUERY PLAN'].trim()).join(' ');
  const used = /Index Scan using (\w+) /.exec(text)?.[1];
  if (used === undefined) return falsified(`the lookup reads the table: ${text}`);
  const [count] = await rowsOf<{ indices: string }>(
    url,
    `SELECT string_agg(i.indexrelid::regclass::text, ', ' ORDER BY 1) AS indices FROM pg_index i JOIN pg_attribute a
       ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indrelid = 'scenario_matrices'::regclass AND i.indnkeyatts = 1 AND a.attname = 'matrix_key'`,
  );
  return held(`found among 5,001 rows, written otherwise, by ${used} (on matrix_key there are: ${count?.indices})`);
}

function scenarioOf(config: ConfigValue): Scenario {
  return { fundId: 'fund-1', taxonomyVersion: 'v1.2', config };
}

function noteOf(scenario: Scenario): string[] {
  return [matrixKey(scenario), scenario.fundId, scenario.taxonomyVersion, scenarioText(scenario)];
}

async function createTables(lab: Lab, form: Form): Promise<string> {
  const url = await lab.createDatabase();
  const { migrations } = await readForm(SET, form);
  for (const { up } of migrations) await runIn(url, up.text);
  return url;
}
