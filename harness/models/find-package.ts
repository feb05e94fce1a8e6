/** Finding what a project has installed, from one of its files upward. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface FoundPackage {
  /** Absolute folder of the package. */
  readonly folder: string;
  /** The folder that has it in its `node_modules`. */
  readonly project: string;
  readonly version: string;
  /** Absolute path of its command of that name; null: it has none. */
  command(name: string): string | null;
}

interface Manifest {
  readonly version?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/** The package as Node.js would find it from `file`; null: it is not installed. */
export async function findPackage(name: string, file: string): Promise<FoundPackage | null> {
  for (let project = path.dirname(file), last = ''; project !== last; last = project, project = path.dirname(project)) {
    const folder = path.join(project, 'node_modules', name);
    const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    const { version, bin } = JSON.parse(text) as Manifest;
    return {
      folder,
      project,
      version: version ?? '',
      command: (wanted) => {
        const script = typeof bin === 'string' ? bin : bin?.[wanted];
        return script === undefined ? null : path.join(folder, script);
      },
    };
  }
  return null;
}
