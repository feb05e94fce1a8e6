/** The fault catalogue as data: every `migrations/faults/<property>/<case>`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FaultCase {
  /** `<property>/<case>`. */
  readonly name: string;
  readonly property: string;
  readonly clause: string;
  /** What of the catalog `bad` leaves changed: `kind: attribute`, or `kind` for a whole object. For `rollback-restores/schema`. */
  readonly attribute?: string;
  readonly dialect: 'postgres' | 'sqlite';
  readonly layout: string;
  readonly bug: string;
  readonly minimalRows: number;
}

const ROOT = join(import.meta.dirname, '../../migrations/faults');

/** The folder of a case's twin, relative to the repository. */
export function folderOf(fault: FaultCase, twin: 'bad' | 'good'): string {
  return `migrations/faults/${fault.name}/${twin}`;
}

/** Every case, ordered by name. */
export function readFaultCases(): readonly FaultCase[] {
  return foldersIn(ROOT).flatMap((property) =>
    foldersIn(join(ROOT, property)).map((name) => {
      const text = readFileSync(join(ROOT, property, name, 'case.json'), 'utf8');
      return { name: `${property}/${name}`, ...(JSON.parse(text) as Omit<FaultCase, 'name'>) };
    }),
  );
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}
