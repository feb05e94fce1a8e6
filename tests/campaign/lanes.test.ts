import { describe, expect, it } from 'vitest';
import { countLanes } from '../../harness/campaign/lanes.ts';
import type { PlannedSet } from '../../harness/campaign/plan.ts';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { sqliteDialect } from '../../harness/dialects/sqlite/dialect.ts';

const PLAIN = 'CREATE TABLE "user" (id int PRIMARY KEY, role text)';

interface Given {
  readonly ups?: readonly string[];
  readonly down?: string;
  readonly prepare?: string;
  readonly functions?: object;
  readonly dialect?: PlannedSet['dialect'];
}

/** As much of a planned set as the question is about. */
function lanes(
  { ups = [PLAIN], down, prepare, functions = {}, dialect = postgresDialect }: Given,
  cases = 100,
): number {
  const planned = {
    set: { migrations: ups.map((up) => ({ up: { text: up }, down: down === undefined ? null : { text: down } })) },
    dialect,
    preparations: prepare === undefined ? [] : [{ sql: prepare }],
    session: { foreignKeys: true, functions },
    workers: 4,
  } as unknown as PlannedSet;
  return countLanes(planned, ups.length - 1, ups.length - 1, cases);
}

describe('the number of lanes', () => {
  it('should be that of the workers where scripts stay in their database', () => {
    expect(lanes({})).toBe(4);
    expect(lanes({ dialect: sqliteDialect })).toBe(4);
  });

  it('should be one where there are too few cases to pay for a second', () => {
    expect([lanes({}, 15), lanes({}, 16), lanes({}, 1)]).toEqual([1, 2, 1]);
  });

  it('should be one where an up, a down or a preparation reaches beyond its database', () => {
    expect(lanes({ ups: ['CREATE ROLE app'] })).toBe(1);
    expect(lanes({ down: 'DROP ROLE app' })).toBe(1);
    expect(lanes({ prepare: 'ALTER SYSTEM SET work_mem = 1' })).toBe(1);
    expect(lanes({ ups: [`ATTACH 'x' AS y`], dialect: sqliteDialect })).toBe(1);
  });

  it('should be one where an earlier migration left a routine that does, and not where it merely did', () => {
    expect(
      lanes({ ups: [`CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT pg_terminate_backend(1)'`, PLAIN] }),
    ).toBe(1);
    expect(lanes({ ups: ['CREATE ROLE app', PLAIN] })).toBe(4);
  });

  it('should be one where the application brings functions, which may remember', () => {
    expect(lanes({ functions: { next: () => 1 }, dialect: sqliteDialect })).toBe(1);
  });
});
