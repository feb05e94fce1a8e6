/** Notices that files were saved. */
import { watch } from 'chokidar';

/** An editor that saves writes several times, and a checkout writes many files: one change. */
const QUIET_MS = 60;

/**
 * Watches files, and folders with what is below them, and tells when something was saved and nothing more for a moment: with the time of the
 * first save, in milliseconds of `performance.now`. What `isIgnored` names is not looked at. Resolves when changes are seen from then on.
 */
export async function watchPaths(
  paths: readonly string[],
  isIgnored: (path: string) => boolean,
  onChange: (savedAt: number) => void,
): Promise<AsyncDisposable> {
  const watcher = watch([...paths], { ignoreInitial: true, ignored: isIgnored, ignorePermissionErrors: true });
  let timer: NodeJS.Timeout | undefined;
  let savedAt: number | null = null;
  watcher.on('all', () => {
    savedAt ??= performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => {
      const since = savedAt ?? performance.now();
      savedAt = null;
      onChange(since);
    }, QUIET_MS);
  });
  // What cannot be read any more is told by whoever reads it next.
  watcher.on('error', () => undefined);
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return {
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
