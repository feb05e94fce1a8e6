/**
 * Failures that a person has accepted: waivers, which carry a reason and end on a date, and the known failures of a baseline.
 * An accepted failure stays falsified; it alone does not fail a build.
 */
import type { PropertyId } from './property.ts';

/** A declared exception to a property of one migration. */
export interface WaiverDeclaration {
  readonly property: PropertyId;
  /** Null: every clause. */
  readonly clause: string | null;
  /** The failing object as reports name it, with or without its schema; null: every object. */
  readonly object: string | null;
  readonly reason: string;
  /** The last day on which it counts, `YYYY-MM-DD`, in UTC. */
  readonly expires: string;
  /** Who may renew it; null: whoever may change the file. */
  readonly owner: string | null;
  /** Where it is written; no two waivers of a set stand at the same place. */
  readonly from: string;
}

/** One failure of a baseline. */
export interface KnownFailure {
  /** Path of the set, relative to the baseline's folder, with forward slashes. */
  readonly set: string;
  /** Whole name of the migration. */
  readonly migration: string;
  readonly property: PropertyId;
  readonly clause: string;
  readonly object: string;
  /** As it was reported when it was recorded. */
  readonly reason: string;
  /** Id of the counterexample. */
  readonly counterexample: string;
  /** Day of the recording, `YYYY-MM-DD`, in UTC. */
  readonly recorded: string;
  /** Version that recorded it. */
  readonly tool: string;
}

/** The failures of one set that a baseline knows. */
export interface KnownFailures {
  /** The baseline's file as shown to people. */
  readonly file: string;
  readonly failures: readonly KnownFailure[];
}

/** Why a failure does not fail the build. */
export type Acceptance =
  | ({ readonly by: 'waiver' } & Pick<WaiverDeclaration, 'reason' | 'expires' | 'owner' | 'from'>)
  | { readonly by: 'baseline'; readonly recorded: string; readonly file: string };

/** What identifies a failure beside its migration. */
interface FailureKey {
  readonly property: string;
  readonly clause: string;
  readonly object: string;
}

/** Whether the waiver speaks of this failure, expired or not. */
export function covers(waiver: WaiverDeclaration, { property, clause, object }: FailureKey): boolean {
  return (
    waiver.property === property &&
    (waiver.clause === null || waiver.clause === clause) &&
    (waiver.object === null || waiver.object === object || object.endsWith(`.${waiver.object}`))
  );
}

/** Whether its last day is over. `today` is `YYYY-MM-DD`: as text such dates are in the order of time. */
export function isExpired({ expires }: Pick<WaiverDeclaration, 'expires'>, today: string): boolean {
  return expires < today;
}

/** The day of a point in time, in UTC. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Whether a text is a day of the calendar: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(epochMs) && dayOf(epochMs) === text;
}
