/** Which files decide what a campaign says, and whether a worker has the same. */
import { access } from 'node:fs/promises';
import type { Settings } from '../../config/settings.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { QueueFile, Submission } from '../../queue/submission.ts';
import { hashFiles } from '../../store/certificate-file.ts';

const MOST_TOLD = 5;

/** Checksums of every file below the folders of the sets, of the configurations, and of the baselines. */
export async function filesOf({ sets }: Settings, cwd: string): Promise<readonly QueueFile[]> {
  const baselines = await Promise.all(
    sets.map(async ({ baseline: { file } }) =>
      access(file)
        .then(() => [file])
        .catch(() => []),
    ),
  );
  const configurations = sets.flatMap(({ source }) => (source === null ? [] : [source.file]));
  const folders = [...new Set(sets.map(({ shownAs }) => shownAs))];
  return hashFiles(folders, [...configurations, ...baselines.flat()], cwd);
}

/** Throws `queue-files-differ` with both checksums, `queue-tool-differs`. */
export function requireSameFiles(submission: Submission, mine: readonly QueueFile[], toolVersion: string): void {
  if (submission.tool !== toolVersion)
    throw new PalindromeError(
      'queue-tool-differs',
      `Campaign ${submission.id} was submitted by palindrome ${submission.tool}, and this is ${toolVersion}.`,
      { hint: 'Use one version for submitting and for every worker.' },
    );
  const theirs = new Map(submission.files.map((file) => [file.path, file.sha256]));
  const own = new Map(mine.map((file) => [file.path, file.sha256]));
  const paths = [...new Set([...theirs.keys(), ...own.keys()])].filter((path) => theirs.get(path) !== own.get(path));
  if (paths.length === 0) return;
  const told = paths
    .slice(0, MOST_TOLD)
    .map((path) => `  ${path}: submitted ${theirs.get(path) ?? 'nothing'}, here ${own.get(path) ?? 'nothing'}`);
  const more = paths.length > MOST_TOLD ? [`  and ${paths.length - MOST_TOLD} more`] : [];
  throw new PalindromeError(
    'queue-files-differ',
    `The files here are not those that campaign ${submission.id} was submitted with:\n${[...told, ...more].join('\n')}`,
    { hint: 'Check out the same commit as the submitter, and run the worker where it ran.' },
  );
}
