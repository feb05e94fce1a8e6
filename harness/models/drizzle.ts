/** A Drizzle schema as SQL, by `drizzle-kit export`. */
import { PalindromeError } from '../core/errors.ts';
import { findPackage } from './find-package.ts';
import type { ModelFile } from './read-model.ts';
import { runTool } from './run-tool.ts';

/** Throws `model-tool-missing` or `model-unreadable`. */
export async function readDrizzle({ file, shownAs, dialect }: ModelFile): Promise<string> {
  const kit = await findPackage('drizzle-kit', file);
  const command = kit?.command('drizzle-kit') ?? null;
  if (kit === null || command === null) {
    throw new PalindromeError('model-tool-missing', `Reading the Drizzle schema ${shownAs} needs drizzle-kit.`, {
      hint: 'Install it in the project of the schema: npm install --save-dev drizzle-kit drizzle-orm',
    });
  }
  const kind = dialect === 'postgres' ? 'postgresql' : 'sqlite';
  const printed = await runTool(command, ['export', `--dialect=${kind}`, `--schema=${file}`], kit.project);
  if (printed.status === 'printed' && /\bCREATE\b/i.test(printed.text)) return printed.text;
  // It ends with exit code 0 and a stack where it meets a default that is a bigint.
  const why = printed.status === 'failed' ? printed.message : printed.complaint || 'it declares no table';
  throw new PalindromeError('model-unreadable', `drizzle-kit ${kit.version} cannot export ${shownAs}: ${why}`, {
    hint: `Try it alone: npx drizzle-kit export --dialect=${kind} --schema=${shownAs}`,
  });
}
