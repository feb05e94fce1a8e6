/** PGlite: PostgreSQL compiled to WebAssembly, in this process. A clone of a prepared instance for each case. */
import { PGlite, type Results } from '@electric-sql/pglite';
import type { Client } from 'pg';
import { captureSnapshot } from '../../harness/dialects/postgres/capture.ts';
import { EXACT_TEXT_SETTINGS } from '../../harness/dialects/postgres/connection.ts';
import type { Snapshot } from '../../harness/core/snapshot.ts';
import { loadSql } from './load-sql.ts';
import { datasetOf, requireSame, scriptsOf, timeEach, type Contender, type Work } from './row.ts';

/** Every value as the server's own text, whatever its type. */
const AS_TEXT: Record<number, (value: string) => string> = new Proxy(
  {},
  { get: () => (value: string) => value, has: () => true },
);

/** A row that clones a prepared instance for each case. */
export async function pgliteRow(name: string, work: Work): Promise<Contender> {
  const { base, up, down } = scriptsOf(work);
  const prepared = await PGlite.create();
  await prepared.exec(base.text);
  return {
    name,
    casesPerTurn: 1,
    turn: (cases) =>
      timeEach(cases, async (at) => {
        const clone = (await prepared.clone()) as PGlite;
        try {
          for (const [setting, value] of Object.entries(EXACT_TEXT_SETTINGS))
            await clone.exec(`SET ${setting} = '${value}'`);
          await clone.exec(loadSql(datasetOf(work, at)));
          const before = await look(clone);
          await clone.exec(up.text);
          const afterUp = await look(clone);
          await clone.exec(down.text);
          const afterDown = await look(clone);
          await clone.exec(up.text);
          const again = await look(clone);
          requireSame('up and down', before, afterDown);
          requireSame('up, down and up', afterUp, again);
        } finally {
          await clone.close();
        }
      }),
    close: () => prepared.close(),
  };
}

async function look(instance: PGlite): Promise<Snapshot> {
  const request = { maxRowsPerTable: 2_000, projections: [] };
  return captureSnapshot(clientOf(instance), request, { shape: null, earlier: null, memory: null }, { roles: true });
}

/** What the reading code uses of a connection. */
function clientOf(instance: PGlite): Client {
  const query = async (
    given: string | { readonly text: string; readonly name?: string; readonly rowMode?: string },
  ) => {
    const { text, name, rowMode } =
      typeof given === 'string' ? { text: given, name: undefined, rowMode: undefined } : given;
    const options = { rowMode: rowMode === 'array' ? ('array' as const) : ('object' as const), parsers: AS_TEXT };
    const results: Results[] =
      name === undefined ? await instance.exec(text, options) : [await instance.query(text, [], options)];
    const told = results.map(({ rows, fields, affectedRows }) => ({
      rows,
      fields,
      rowCount: affectedRows ?? rows.length,
    }));
    return told.length === 1 ? told[0] : told;
  };
  return { query } as unknown as Client;
}
