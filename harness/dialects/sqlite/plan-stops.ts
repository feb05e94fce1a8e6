/**
 * Where a script can be stopped on SQLite: its process dies at a boundary, and the files stay as they are or lose the end of the log.
 * Each boundary is met with a rollback journal and with a torn write-ahead log; where the script ends, with every state of the files. At each, a copy that was
 * made of the files in the middle goes on in their place as well.
 */
import type { Script } from '../../core/migration.ts';
import { chooseBoundaries, findOpenBoundaries } from '../../core/interruption.ts';
import type { StopPlan, StopPoint, StopStorage } from '../../core/interruption.ts';
import { splitScript } from './split.ts';

const AT_EACH: readonly StopStorage[] = ['rollback-journal', 'torn-log', 'copy-in-the-middle'];
const AT_THE_END: readonly StopStorage[] = [
  'rollback-journal',
  'write-ahead-log',
  'torn-log',
  'shortened-log',
  'copy-without-log',
  'copy-in-the-middle',
];

/** Plans the stops of a script. Throws as `Dialect.split` does. */
export async function planStops(script: Script): Promise<StopPlan> {
  const chunks = script.chunks.map(({ text }) => splitScript({ file: script.file, text }));
  const statements = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (statements === 0) return { statements, points: [], represented: 0, limits: [] };
  const { boundaries, represented } = chooseBoundaries(findOpenBoundaries(chunks, script.transaction, false));
  const last = boundaries.at(-1);
  const points = boundaries.flatMap((after) =>
    (after === last ? AT_THE_END : AT_EACH).map((storage): StopPoint => ({
      after,
      inside: null,
      nth: 0,
      how: 'killed',
      storage,
    })),
  );
  return { statements, points, represented, limits: [] };
}
