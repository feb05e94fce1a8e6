/** Runs rows in turns, so that whatever else the machine does meets all of them alike. */
import { messageOf } from '../../harness/core/errors.ts';
import type { Contender, Entry } from './row.ts';
import type { Measured } from './summary.ts';

/** Opens all, gives each a short turn that does not count, then `rounds` turns each, and closes all. */
export async function runRows(
  entries: readonly Entry[],
  {
    rounds,
    scale,
    onTurn,
  }: { readonly rounds: number; readonly scale: number; readonly onTurn: (line: string) => void },
): Promise<readonly Measured[]> {
  const contenders = new Map<string, Contender>();
  const failed = new Map<string, string>();
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      // One way that does not work here must not take the others' numbers along; the table says so.
      failed.set(name, messageOf(error));
      onTurn(`${name}: ${messageOf(error)}`);
      return null;
    }
  };
  const turns = new Map<string, number[]>(entries.map(({ name }) => [name, []]));
  try {
    for (const entry of entries) {
      if (!('open' in entry)) continue;
      const contender = await attempt(entry.name, entry.open);
      if (contender === null) continue;
      contenders.set(entry.name, contender);
      await attempt(entry.name, () => contender.turn(Math.min(4, contender.casesPerTurn)));
    }
    for (let round = 1; round <= rounds; round++) {
      for (const [name, contender] of contenders) {
        if (failed.has(name)) continue;
        const ms = await attempt(name, () => contender.turn(casesOf(contender, scale)));
        if (ms === null) continue;
        turns.get(name)?.push(ms);
        onTurn(`round ${round} of ${rounds}: ${name}: ${ms.toFixed(2)} ms`);
      }
    }
  } finally {
    for (const contender of contenders.values()) await contender.close();
  }
  return entries.map((entry) => {
    const contender = contenders.get(entry.name);
    return {
      name: entry.name,
      turns: turns.get(entry.name) ?? [],
      cases: contender === undefined ? 0 : casesOf(contender, scale),
      skipped: 'skipped' in entry ? entry.skipped : (failed.get(entry.name) ?? null),
    };
  });
}

function casesOf({ casesPerTurn }: Contender, scale: number): number {
  return Math.max(1, Math.round(casesPerTurn * scale));
}
