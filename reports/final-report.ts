/** Reports that are made from the final report alone. */
import type { Reporter } from '../harness/core/events.ts';
import type { Report } from '../harness/core/report.ts';

/** Hands on the final report, once, when closed; nothing where the run never finished. */
export function createFinalReporter(write: (report: Report) => Promise<void>): Reporter {
  let report: Report | null = null;
  return {
    onEvent(event) {
      if (event.type === 'run-finished') ({ report } = event);
    },
    async close() {
      if (report !== null) await write(report);
    },
  };
}
