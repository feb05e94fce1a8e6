/** Leaving the database of a failure up for a person to look at. */
import type { KeptDatabase } from './plan.ts';
import type { Workbench } from './workbench.ts';

/** Keeps the bench's current database if one is wanted and none is kept yet, and tells where it is. */
export async function keepDatabase(
  kept: KeptDatabase | null,
  bench: Workbench | null,
  tell: (message: string) => void,
): Promise<void> {
  if (kept === null || kept.address !== null || bench === null) return;
  const address = await bench.keep();
  if (address === null) {
    tell('nothing was kept: a database in memory ends with the run; the repro script builds it again');
    return;
  }
  kept.address = address;
  tell(`kept as the failure left it: ${address}`);
}
