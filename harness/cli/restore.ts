/** Composes a restore: where the backups of a SQLite database are, and who may put one in its place. */
import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import { PalindromeError } from '../core/errors.ts';
import type { RestoreReport } from '../dialects/sqlite/restore.ts';
import { parseTarget } from './live-target.ts';
import { backupPolicy, RUNNER_DEFAULTS } from './open-runner.ts';

export interface RestoreCall {
  /** The path of a SQLite file. */
  readonly database: string;
  /** The path of a backup; null: the youngest that is whole. */
  readonly from: string | null;
  readonly cwd: string;
  /** The configuration that says where backups are; null: there is none. */
  readonly source: LoadedConfig | null;
  readonly isDryRun: boolean;
  readonly lockTimeoutMs: number | null;
  readonly signal: AbortSignal;
  readonly onWait: () => void;
  readonly confirm: (backup: string) => Promise<boolean>;
}

/** Restores a backup. Throws what `restoreBackup` throws, and `restore-postgres`. */
export async function restoreDatabase(call: RestoreCall): Promise<RestoreReport> {
  const target = parseTarget(call.database, call.cwd);
  if (target.dialect !== 'sqlite')
    throw new PalindromeError('restore-postgres', 'Backups are made of SQLite databases only.', {
      hint: 'For PostgreSQL: pg_dump before, pg_restore after.',
    });
  const config = call.source?.config.runner ?? {};
  const policy = backupPolicy(target, config, call.source);
  const { restoreBackup } = await import('../dialects/sqlite/restore.ts');
  return restoreBackup({
    database: target.file,
    shownAs: target.shownAs,
    folder: policy?.folder ?? path.dirname(target.file),
    from: call.from === null ? null : path.resolve(call.cwd, call.from),
    isDryRun: call.isDryRun,
    lock: {
      timeoutMs: call.lockTimeoutMs ?? config.lockTimeoutMs ?? RUNNER_DEFAULTS.lockTimeoutMs,
      signal: call.signal,
      onWait: call.onWait,
    },
    confirm: call.confirm,
  });
}
