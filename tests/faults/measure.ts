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
  /** Each tries one pair of each dialect at a time. */
  readonly labs: readonly FaultLab[];
  /** Called for a pair when it is done. */
  onPair(fault: FaultCase, measured: Measured): void;
}

/** Measures every pair; by name, in the order of `faults`. Pairs run side by side: those of a laboratory share no server across dialects. */
export async function measurePairs(request: MeasureRequest): Promise<ReadonlyMap<string, Measured>> {
  const { faults, labs, seeds } = request;
  const found = new Map<string, Measured>();
  const takeFrom = async (line: FaultCase[], lab: FaultLab): Promise<void> => {
    for (let fault = line.shift(); fault !== undefined; fault = line.shift()) {
      const needed = await lab.findBad(fault, seeds);
      const measured = { needed, falseAlarms: await lab.judgeGood(fault, seeds) };
      found.set(fault.name, measured);
      request.onPair(fault, measured);
    }
  };
  const lines = DIALECTS.map((dialect) => faults.filter((fault) => fault.dialect === dialect));
  await Promise.all(labs.flatMap((lab) => lines.map((line) => takeFrom(line, lab))));
  return new Map(faults.flatMap(({ name }) => (found.has(name) ? [[name, found.get(name) as Measured] as const] : [])));
}
