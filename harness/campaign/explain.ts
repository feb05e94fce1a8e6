/** Two or three sentences about a failure, from its facts, for someone who did not write the migration. */
import type { Explanation } from '../core/explanation.ts';
import type { Finding, PropertyId } from '../core/property.ts';
import type { Culprit } from './blame.ts';

/** What the statement did, why it cannot be undone, and what to do. */
export function explain(property: PropertyId, finding: Finding, culprit: Culprit): Explanation {
  const { direction, statement, excerpt } = culprit;
  return { sentences: sentencesOf(property, finding, culprit), brokenBy: { direction, statement }, excerpt };
}

function sentencesOf(property: PropertyId, finding: Finding, { direction, statement }: Culprit): readonly string[] {
  const which = `Statement ${statement.number} of the ${direction}`;
  const [change] = finding.catalogChanges;
  if (finding.clause === 'schema' && change !== undefined) {
    const what = `${change.kind} ${change.name}`;
    const attribute = change.change === 'altered' ? change.attribute : '';
    if (direction === 'up') {
      const did = { missing: 'removes', extra: 'makes', altered: `changes the ${attribute} of` }[change.change];
      const undo = { missing: 'makes it again', extra: 'takes it away', altered: 'sets it back' }[change.change];
      return [`${which} ${did} ${what}.`, `No statement of the down ${undo}.`];
    }
    const did = {
      missing: `removes ${what}, which the up had left in place.`,
      extra: `makes ${what}, which was not there before the up.`,
      altered: `leaves ${what} with another ${attribute} than it had before the up.`,
    }[change.change];
    return [`${which} ${did}`];
  }
  const isCell = (finding.tableDifferences[0]?.changed.length ?? 0) > 0;
  const what = isCell ? `the old value of ${finding.object}` : `the missing row of ${finding.object}`;
  const held = `${which} is where ${what} is lost: before it the database still holds it, after it nothing does.`;
  if (property === 'values-survive')
    return [held, 'Whoever reads the table after the up finds something else than was written.'];
  return direction === 'up'
    ? [
        held,
        'The down cannot bring back what is no longer there: keep a copy of it in the up, or declare the loss if it is meant.',
      ]
    : [held, 'The up had kept it: only the way back loses it.'];
}
