/**
 * A Prisma schema as SQL, by Prisma's schema engine: the WebAssembly build where the project has `@prisma/schema-engine-wasm` (nothing
 * is downloaded, ever), else the `prisma` command with the engine that it brought along.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { DialectName } from '../core/migration.ts';
import { type FoundPackage, findPackage } from './find-package.ts';
import { diffWithEngine, type SchemaFile } from './prisma-engine.ts';
import type { ModelFile } from './read-model.ts';
import { runTool } from './run-tool.ts';

/** Throws `model-tool-missing` or `model-unreadable`. */
export async function readPrisma({ file, shownAs, dialect }: ModelFile): Promise<string> {
  const files = await readSchema(file, shownAs);
  const engine = await findPackage('@prisma/schema-engine-wasm', file);
  if (engine !== null) return readByEngine(engine, files, shownAs, dialect);
  const prisma = await findPackage('prisma', file);
  const command = prisma?.command('prisma') ?? null;
  if (prisma === null || command === null) {
    throw new PalindromeError(
      'model-tool-missing',
      `Reading the Prisma schema ${shownAs} needs Prisma's schema engine.`,
      {
        hint: 'Install it in the project of the schema, in the version of your prisma: npm install --save-dev @prisma/schema-engine-wasm',
      },
    );
  }
  const flag = Number.parseInt(prisma.version, 10) >= 7 ? '--to-schema' : '--to-schema-datamodel';
  const printed = await runTool(command, ['migrate', 'diff', '--from-empty', flag, file, '--script'], prisma.project);
  if (printed.status === 'printed') return printed.text;
  throw unreadable(`prisma ${prisma.version}`, shownAs, printed.message);
}

async function readByEngine(
  engine: FoundPackage,
  files: readonly SchemaFile[],
  shownAs: string,
  dialect: DialectName,
): Promise<string> {
  try {
    return await diffWithEngine(engine.folder, files, dialect);
  } catch (error) {
    throw unreadable(`@prisma/schema-engine-wasm ${engine.version}`, shownAs, messageOf(error));
  }
}

/** One file, or every `.prisma` file below a folder. */
async function readSchema(file: string, shownAs: string): Promise<readonly SchemaFile[]> {
  try {
    const isFolder = (await stat(file)).isDirectory();
    const names = isFolder
      ? (await readdir(file, { recursive: true })).filter((name) => name.endsWith('.prisma')).toSorted()
      : [''];
    return await Promise.all(
      names.map(async (name) => ({
        path: name === '' ? shownAs : path.posix.join(shownAs, name.replaceAll(path.sep, '/')),
        content: await readFile(path.join(file, name), 'utf8'),
      })),
    );
  } catch (cause) {
    throw new PalindromeError('model-unreadable', `The model ${shownAs} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function unreadable(tool: string, shownAs: string, why: string): PalindromeError {
  return new PalindromeError('model-unreadable', `${tool} cannot read ${shownAs}: ${why}`);
}
