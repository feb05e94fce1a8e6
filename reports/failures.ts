/** The falsified results of a report, with where they stand and what tells them apart. */
import { sha256 } from '../harness/core/hash.ts';
import type { Report } from '../harness/core/report.ts';
import type { StatementRef } from '../harness/core/trace.ts';
import type { FailureInReport } from './counterexample-section.ts';

/** Every failure, accepted ones included, in the order of the report. */
export function failuresOf(report: Report): readonly FailureInReport[] {
  return report.sets.flatMap((set) =>
    set.migrations.flatMap((migration) =>
      migration.results.filter(({ verdict }) => verdict === 'falsified').map((result) => ({ set, migration, result })),
    ),
  );
}

/**
 * The same failure has the same fingerprint in every run and on every engine version: it names the set, the migration, the property, its
 * clause and the object, and neither rows nor lines, which change while the failure stays.
 */
export function fingerprintOf({ set, migration, result }: FailureInReport): string {
  const object = result.counterexample?.finding.object ?? result.objects[0] ?? '';
  return sha256(JSON.stringify([set.path, migration.name, result.property, result.clause, object]));
}

/** Lines and columns from 1; the end is behind the last character. */
export interface FailurePlace {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Null where only the file is known. */
  readonly text: string | null;
}

/** The statement to look at; where none is known, the beginning of the up script. */
export function placeOfFailure({ migration, result }: FailureInReport): FailurePlace {
  const at = result.counterexample?.finding.at ?? null;
  if (at === null)
    return { file: migration.upFile, startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, text: null };
  return { file: at.file, text: at.text, ...spanOf(at) };
}

function spanOf({ line, column, text }: StatementRef): Omit<FailurePlace, 'file' | 'text'> {
  const lines = text.trimEnd().split(/\r\n|\n|\r/u);
  const last = lines.at(-1)?.length ?? 0;
  return {
    startLine: Math.max(1, line),
    startColumn: Math.max(1, column),
    endLine: Math.max(1, line) + lines.length - 1,
    endColumn: lines.length === 1 ? Math.max(1, column) + last : last + 1,
  };
}
