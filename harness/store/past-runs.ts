/** The runs that a store remembers, as far as a report shows them: `history.jsonl`, one JSON object a line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PastRun } from '../core/past-run.ts';

const line = z.object({
  at: z.string(),
  seed: z.int(),
  exitCode: z.int(),
  durationMs: z.number(),
  cases: z.int(),
  verdicts: z.object({ held: z.int(), falsified: z.int(), inconclusive: z.int(), inapplicable: z.int() }),
});

/** The last `most` runs, oldest first. A store without history has none, and a line that cannot be read is left out. */
export async function readPastRuns(folder: string, most: number): Promise<readonly PastRun[]> {
  const text = await readFile(join(folder, 'history.jsonl'), 'utf8').catch(() => '');
  return parsePastRuns(text.split('\n'), most);
}

/** The last `most` of the lines that can be read, as reports show them. */
export function parsePastRuns(lines: readonly string[], most: number): readonly PastRun[] {
  const runs = lines.flatMap((given) => {
    try {
      return [line.parse(JSON.parse(given))];
    } catch {
      return [];
    }
  });
  return runs.slice(-most);
}
