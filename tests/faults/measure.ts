/** Detection and false alarms of every pair over many seeds. */
import type { FaultCase } from './fault-cases.ts';
import type { FaultLab } from './fault-lab.ts';

const DIALECTS = ['postgres', 'sqlite'] as const;

/** What was seen of one pair. */
export interface Measured {
  /** For each seed the cases that the bad twin needed; null: it was not found. */
  readonly needed: readonly (number | null)[];
  /** What was falsified in the good twin over all seeds: `seed <n>: <property>/<clause>: <reason>`. */
  readonly falseAlarms: readonly string[];
}

export interface MeasureRequest {
  readonly faults: readonly FaultCase[];
  readonly seeds: readonly number[];
  readonly lab: FaultLab;
  onPair(fault: FaultCase, measured: Measured): void;
}

/** Measures every pair; by name. The dialects run beside each other: they share no server. */
export async function measurePairs(request: MeasureRequest): Promise<ReadonlyMap<string, Measured>> {
  const found = new Map<string, Measured>();
  const byDialect = DIALECTS.map((dialect) => request.faults.filter((fault) => fault.dialect === dialect));
  await Promise.all(
    byDialect.map(async (faults) => {
      for (const fault of faults) {
        const measured = await measurePair(fault, request);
        found.set(fault.name, measured);
        request.onPair(fault, measured);
      }
    }),
  );
  return found;
}

async function measurePair(fault: FaultCase, { lab, seeds }: MeasureRequest): Promise<Measured> {
  const needed: (number | null)[] = [];
  const falseAlarms: string[] = [];
  for (const seed of seeds) {
    needed.push(await lab.findBad(fault, seed));
    const complaints = await lab.judgeGood(fault, seed);
    falseAlarms.push(...complaints.map((complaint) => `seed ${seed}: ${complaint}`));
  }
  return { needed, falseAlarms };
}
