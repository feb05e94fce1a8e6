/** Whether ON DELETE and ON UPDATE act as they declare is tried on real rows, every action of both dialects. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import type { Cluster, Database, Dialect } from '../../harness/core/dialect.ts';
import { sha256 } from '../../harness/core/hash.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';
import { probeActions } from '../../harness/scenarios/probe-actions.ts';
import { openDialect } from '../generators/support.ts';

const LIMITS = { statementMs: 20_000, scriptMs: 60_000 };
const ACTIONS = ['CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT', 'NO ACTION'] as const;
const nameOf = (action: string): string => `child_${action.toLowerCase().replace(' ', '_')}`;

const PARENTS = ACTIONS.map(
  (action) => `CREATE TABLE of_${nameOf(action)} (region text NOT NULL, code text NOT NULL, PRIMARY KEY (region, code));
INSERT INTO of_${nameOf(action)} VALUES ('eu', 'a'), ('eu', 'b'), ('xx', 'none');`,
).join('\n');
const CHILDREN = ACTIONS.map(
  (
    action,
  ) => `CREATE TABLE ${nameOf(action)} (id integer PRIMARY KEY, region text DEFAULT 'xx', code text DEFAULT 'none',
  CONSTRAINT to_parent FOREIGN KEY (region, code) REFERENCES of_${nameOf(action)} ON DELETE ${action} ON UPDATE ${action});
INSERT INTO ${nameOf(action)} VALUES (1, 'eu', 'a'), (2, 'eu', 'a'), (3, 'eu', 'b');`,
).join('\n');

/** A trigger that keeps a child as it is, whatever changes it. */
const FROZEN = {
  postgres: (table: string) =>
    `CREATE TRIGGER frozen BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ignore();`,
  sqlite: (table: string) =>
    `CREATE TRIGGER frozen_${table} BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(IGNORE); END;`,
};
const IGNORE = `CREATE FUNCTION ignore() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;`;

describe.each(['postgres', 'sqlite'] as const)('actions of foreign keys on %s', (name) => {
  const dialect: Dialect = name === 'postgres' ? postgresDialect : sqliteDialect;
  let opened: { cluster: Cluster; close: () => Promise<void> };

  beforeAll(async () => {
    opened = await openDialect(name);
  });

  afterAll(() => opened.close());

  const run = async (database: Database, text: string): Promise<void> => {
    const script = { file: 'a.sql', text, sha256: sha256(text), chunks: [{ text, offset: 0 }] };
    const outcome = await database.execute({ ...script, transaction: 'autocommit' }, LIMITS);
    expect(outcome).toMatchObject({ status: 'completed' });
  };

  const probe = async (database: Database): Promise<Readonly<Record<string, string>>> => {
    const model = await database.introspect();
    const source = await createDatasetSource({});
    const setting = { database, dialect, source, model, at: 'after-up' as const, queryLimitMs: 20_000 };
    const seen: Record<string, string> = {};
    for (const table of model.tables)
      for (const { constraint, outcome, instead } of await probeActions(setting, table))
        seen[constraint.replace(/ of .*/u, '')] = instead === null ? outcome : `${outcome}: ${instead}`;
    return seen;
  };

  it('should find that each acts as it declares, and leave the rows as they were', async () => {
    await using database = await opened.cluster.create();
    await run(database, `${PARENTS}\n${CHILDREN}`);
    const before = await database.capture({ maxRowsPerTable: 100, projections: [] });
    const works = ACTIONS.flatMap((action) => [`ON DELETE ${action}`, `ON UPDATE ${action}`]);
    expect(await probe(database)).toEqual(Object.fromEntries(works.map((each) => [each, 'works'])));
    const after = await database.capture({ maxRowsPerTable: 100, projections: [] });
    expect([...after.tables.values()].map(({ digest }) => digest)).toEqual(
      [...before.tables.values()].map(({ digest }) => digest),
    );
  });

  it('should find the ones that a trigger keeps from acting', async () => {
    await using database = await opened.cluster.create();
    const frozen = ['CASCADE', 'SET NULL', 'SET DEFAULT'].map(nameOf).map((table) => FROZEN[name](table));
    await run(database, [name === 'postgres' ? IGNORE : '', PARENTS, CHILDREN, ...frozen].join('\n'));
    const broken = Object.entries(await probe(database)).filter(([, seen]) => seen.startsWith('broken'));
    const stays = name === 'postgres' ? 'still refer to the old one' : 'keeps its key';
    expect(Object.fromEntries(broken)).toEqual({
      'ON UPDATE CASCADE': expect.stringContaining(stays),
      'ON UPDATE SET NULL': expect.stringContaining(stays),
      'ON DELETE SET NULL': expect.stringContaining(name === 'postgres' ? 'still refer to it' : 'cannot go'),
      // SET DEFAULT is refused, as it is where the default is no parent: that tells nothing.
    });
  });

  it('should find SET NULL on a column that is never NULL', async () => {
    await using database = await opened.cluster.create();
    await run(
      database,
      `CREATE TABLE parent (code text PRIMARY KEY NOT NULL);
INSERT INTO parent VALUES ('a'), ('b');
CREATE TABLE child (id integer PRIMARY KEY, code text NOT NULL REFERENCES parent ON UPDATE SET NULL ON DELETE CASCADE);
INSERT INTO child VALUES (1, 'a');`,
    );
    expect(await probe(database)).toEqual({
      'ON DELETE CASCADE': 'works',
      'ON UPDATE SET NULL': expect.stringContaining('broken: the parent keeps its key'),
    });
  });
});
