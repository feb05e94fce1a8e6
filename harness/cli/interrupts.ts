const INTERRUPTED = 130;

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) asks the run to finish its case, clean up and report; the second ends the process at once,
 * leaving what is open to the watchdogs of the providers.
 */
export function watchInterrupts(stop: AbortController, say: (line: string) => void): void {
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    stop.abort();
    say(
      'stopping: what runs is finished or rolled back, and everything cleaned up; press Ctrl-C again to stop at once',
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
