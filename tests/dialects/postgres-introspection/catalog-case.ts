import type { CatalogChange } from '../../../harness/core/catalog.ts';

export interface CatalogCase {
  readonly change: string;
  /** The first major version that knows the statement; 14 without. */
  readonly since?: number;
  /** Whether the server's roles are compared; most cases that make one are about something else. */
  readonly seesRoles?: boolean;
  readonly sql: string;
  /** As `describeChange` says it; empty where the change must not be seen. */
  readonly expected: readonly string[];
}

/** A change in one line. Texts of several lines stand for themselves. */
export function describeChange(change: CatalogChange): string {
  const subject = `${change.change} ${change.kind} ${change.name}`;
  if (change.change !== 'altered') return subject;
  return `${subject}, ${change.attribute}: ${describeValue(change.expected)} → ${describeValue(change.actual)}`;
}

function describeValue(value: string | null): string {
  return value === null ? 'none' : value.includes('\n') ? '(text)' : value;
}

/** What a server of that major version says: the privilege MAINTAIN came with 17. */
export function expectedOn(major: number, expected: readonly string[]): readonly string[] {
  return major >= 17 ? expected : expected.map((line) => line.replaceAll('MAINTAIN, ', ''));
}
