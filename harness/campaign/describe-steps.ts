/** What a scenario did, step by step, in words. */
import { count } from '../core/text.ts';
import type { Moment, Trace } from '../core/trace.ts';

/** One line a moment: the script, how it ended, and how many rows stood after it. */
export function describeSteps(trace: Trace): readonly string[] {
  const lines = trace.moments.map((moment) => {
    const words = trace.scenario.startsWith('chain')
      ? walkWords(moment)
      : trace.scenario.startsWith('ledger')
        ? ledgerWords(moment)
        : stepWords(moment);
    return `${words} → ${count(rowsAt(moment), 'row')}`;
  });
  const told = [...lines, ...(trace.evidence?.steps ?? [])];
  return trace.endedEarly === null ? told : [...told, `ended: ${trace.endedEarly}`];
}

/** What led to a moment, and how it ended. */
export function stepWords({ name, step }: Moment): string {
  if (step === null) return 'load the rows';
  if (name === 'after-writes') return 'write as the application does';
  const { outcome } = step;
  const how =
    outcome.status === 'completed'
      ? 'completed'
      : outcome.status === 'failed'
        ? `failed: ${outcome.fault.message}`
        : `was cancelled after ${outcome.limitMs} ms`;
  const which =
    name === 'after-up-again' || name === 'after-down-again' ? `${step.direction}, a second time,` : step.direction;
  return `${which} ${how}`;
}

/** A chain's trace has one moment for all its downs: the ups before them all completed. */
function walkWords(moment: Moment): string {
  if (moment.name !== 'after-down' || moment.step === null) return stepWords(moment);
  const isWhole = moment.step.outcome.status === 'completed';
  return isWhole
    ? 'every up in order, then every down in reverse, completed'
    : `every up completed; on the way back, ${stepWords(moment)}`;
}

/** What ran and what did not is told by the evidence. */
function ledgerWords(moment: Moment): string {
  if (moment.step === null) return stepWords(moment);
  return moment.name === 'after-up-again' ? 'the whole set through the ledger, again' : 'the set through the ledger';
}

function rowsAt({ snapshot }: Moment): number {
  return [...snapshot.tables.values()].reduce((sum, { rowCount }) => sum + rowCount, 0);
}
