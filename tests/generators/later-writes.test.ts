/** What an application writes later: every table that a script is about must have a case of its own among the few that run. */
import { describe, expect, it } from 'vitest';
import { createDatasetSource } from '../../generators/dataset-source.ts';
import { openDialect } from './support.ts';

const SCHEMA = `
  CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE phones (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), phone TEXT NOT NULL);
`;
const FIRST = 4;
const CASES = 8;

describe('later writes', () => {
  it('should write to each table alone within eight cases, whatever the seed', async () => {
    const { cluster, close } = await openDialect('sqlite');
    try {
      await using database = await cluster.create();
      await database.run(SCHEMA);
      const model = await database.introspect();
      const source = await createDatasetSource({});
      const focus = model.tables.map(({ key }) => key);
      for (let seed = 1; seed <= 50; seed++) {
        const alone = new Set<string>();
        for (let index = FIRST; index < FIRST + CASES; index++) {
          const writes = source.laterWrites({ model, seed, index, focus, literals: [] }, model);
          const tables = new Set(writes.map(({ table }) => table));
          if (tables.size === 1) for (const table of tables) alone.add(table);
        }
        expect([...alone].toSorted(), `seed ${seed}`).toEqual(focus.toSorted());
      }
    } finally {
      await close();
    }
  });
});
