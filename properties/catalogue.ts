/**
 * The catalogue of properties: each a law over traces, judged purely. A property has its pair of a bad and a good example
 * under `migrations/faults/<id>/`, and a test walks them. This folder imports the core alone.
 */
import type { Property } from '../harness/core/property.ts';
import { applies } from './applies.ts';
import { chainUnwinds } from './chain-unwinds.ts';
import { constraintsEnforced } from './constraints-enforced.ts';
import { cursorStable } from './cursor-stable.ts';
import { hasEffect } from './has-effect.ts';
import { indexUsed } from './index-used.ts';
import { interruptionSafe } from './interruption-safe.ts';
import { invariantsHold } from './invariants-hold.ts';
import { reapplyConverges } from './reapply-converges.ts';
import { rerunIdempotent } from './rerun-idempotent.ts';
import { rollbackAfterWrites } from './rollback-after-writes.ts';
import { rollbackRestores } from './rollback-restores.ts';
import { schemaParity } from './schema-parity.ts';
import { valuesSurvive } from './values-survive.ts';

/** Every property, in the order in which reports list them. */
export const ALL_PROPERTIES: readonly Property[] = [
  applies,
  rollbackRestores,
  rerunIdempotent,
  reapplyConverges,
  valuesSurvive,
  hasEffect,
  invariantsHold,
  indexUsed,
  schemaParity,
  rollbackAfterWrites,
  interruptionSafe,
  constraintsEnforced,
  cursorStable,
  chainUnwinds,
];
