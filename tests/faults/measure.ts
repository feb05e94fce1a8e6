/** Detection and false alarms of every pair over many seeds. */
import type { FaultCase } from './fault-cases.ts';
import type { FaultLab } from './fault-lab.ts';

const DIALECTS = ['postgres', 'sqlite'] as const;

/** What was seen of one pair. */
export interface Measured {
  /** For each seed the cases that the bad twin needed; null: it was not found. */
  readonly needed: readonly (number | null)[];
  /** What was falsified in the good twin over all seeds: `seed <n>: <property>/<clause>`. */
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
  const { lab, seeds } = request;
  const found = new Map<string, Measured>();
  const measureAll = async (faults: readonly FaultCase[]): Promise<void> => {
    for (const fault of faults) {
      const needed = await lab.findBad(fault, seeds);
      const measured = { needed, falseAlarms: await lab.judgeGood(fault, seeds) };
      found.set(fault.name, measured);
      request.onPair(fault, measured);
    }
  };
  await Promise.all(DIALECTS.map((dialect) => measureAll(request.faults.filter((fault) => fault.dialect === dialect))));
  return found;
}
