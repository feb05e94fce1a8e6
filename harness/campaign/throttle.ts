const MIN_INTERVAL_MS = 100;

/** Lets an action through at most ten times a second. */
export function throttle(): (action: () => void) => void {
  let lastMs = 0;
  return (action) => {
    const now = Date.now();
    if (now - lastMs < MIN_INTERVAL_MS) return;
    lastMs = now;
    action();
  };
}
