/** What would have caught a survivor: one sentence that a person can act on. */
import type { Mutant } from '../../mutants/mutants.ts';
import type { PlannedSet } from '../plan.ts';
import type { RunDifference } from './compare-runs.ts';

/** The invariant, claim, model or constraint to declare, from where the survivor first differs from its original. */
export function adviseOn({ moment, kind, table }: RunDifference, { operator }: Mutant, { model }: PlannedSet): string {
  const place = table ?? 'the tables concerned';
  if (kind === 'refusal')
    return 'No property asks for a refusal that hangs on rows: declare `irreversible` where the down must never run on data, or test the guard beside.';
  if (moment === 'after-up-again' || moment === 'after-down-again')
    return "Declare `claims: ['idempotent']` for this migration if its scripts must run again unharmed: then `rerun-idempotent` counts every second run.";
  if (moment === 'after-down' || moment === 'after-last-down')
    return kind === 'outcome'
      ? 'Nothing demands that this down succeeds where the original does: look for a declaration (`lossy`, `irreversible`, `ignore`) that permits it, and narrow it.'
      : `What the down leaves is not compared here: a declaration (\`lossy\`, \`ignore\`) permits it; narrow it, or declare a conserved query over ${place}.`;
  if (kind === 'data') {
    const what = `an invariant over ${place}, or a conserved query (\`conserve\`) from before to after,`;
    return `State what the up is to leave there: ${what} that this change breaks.`;
  }
  if (kind === 'sequence')
    return 'State what the next key is to be above: an invariant over the column that the sequence fills.';
  if (kind === 'outcome')
    return 'The mutant refuses data that the original takes: more cases, or rows of your own (`datasets`), would show it.';
  if (operator.id === 'swap-columns' || operator.id === 'drop-index-predicate')
    return 'Declare the query that needs this index (`queries`): `index-used` then looks at its plan. A declared `model` would see the difference too.';
  const constraint = 'an invariant that asks the catalog for it';
  return model === null
    ? `Declare the schema that should be there (\`model\`): \`schema-parity\` then compares every attribute after the last migration. Or ${constraint}.`
    : `The declared model is compared after the last migration alone: ${constraint} is judged after this one.`;
}
