import type { Template } from '../core/dialect.ts';
import type { ChainStart } from './chain.ts';
import { maxRowsPerTable } from './subject.ts';
import type { Workbench } from './workbench.ts';

/** The schema before a migration, as generators and judgements need it. */
export async function describeState(bench: Workbench, applied: number, template: Template | null): Promise<ChainStart> {
  const database = await bench.fresh();
  const model = await database.introspect();
  const snapshot = await database.capture({ maxRowsPerTable, projections: [] });
  bench.left(snapshot);
  return { applied, template, model, schemaFingerprint: snapshot.catalog.fingerprint };
}
