/** `palindrome restore`. */
import { findConfig, requireConfig } from '../../config/find-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { showPathFrom } from '../../config/settings.ts';
import { configError } from '../../config/validate.ts';
import { count } from '../../core/text.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { requireDatabase } from '../live-target.ts';
import { restoreDatabase } from '../restore.ts';
import type { RawRunnerFlags } from '../runner-flags.ts';

/** Puts a backup in the place of a SQLite database. Returns 0, or 2 where the person said no. */
export async function runRestore(raw: RawRunnerFlags & { readonly from?: string }, io: Io): Promise<number> {
  const { paint, glyphs } = styleFor(io, raw.color ?? null);
  const source = await findSource(raw.config, io);
  const show = (file: string) => sanitize(showPathFrom(io.cwd, file));
  const database = requireDatabase(raw.database, io.env);
  const report = await restoreDatabase({
    database,
    from: raw.from ?? null,
    cwd: io.cwd,
    source,
    isDryRun: raw.dryRun ?? false,
    lockTimeoutMs: raw.lockTimeout ?? null,
    signal: io.signal,
    onWait: () => io.err('another runner is at work on this database: waiting for it to end\n'),
    confirm: async (backup) => {
      if (raw.yes === true || io.ask === null) return true;
      const answer = await io.ask(`Put ${show(backup)} in the place of ${sanitize(database)}? [y/N] `);
      return /^y(es)?$/iu.test(answer.trim());
    },
  });
  const { backup, tables, rows, hasChecksum, setAside, isDone, notes } = report;
  const checked = hasChecksum ? 'integrity and checksum are right' : 'integrity is right; it has no checksum file';
  const lines = [
    ...notes.map((note) => `  ${glyphs.bullet} ${sanitize(note)}`),
    `  backup ${show(backup)}`,
    paint.dim(`         ${count(rows, 'row')} in ${count(tables, 'table')}, ${checked}`),
    ...(setAside === null ? [] : [`  what was there is now ${show(setAside)}`]),
    isDone ? `${paint.green(glyphs.held)} restored, and read back equal` : 'nothing was changed',
  ];
  io.out(`${lines.join('\n')}\n`);
  return isDone || raw.dryRun === true ? 0 : 2;
}

async function findSource(given: string | undefined, io: Io): Promise<LoadedConfig | null> {
  const file = given === undefined ? await findConfig(io.cwd, io.cwd) : await requireConfig(given, io.cwd);
  if (file === null) return null;
  const source = await loadConfig(file, io.cwd);
  if (source.issues.length > 0) throw configError(source.shownAs, source.issues);
  return source;
}
