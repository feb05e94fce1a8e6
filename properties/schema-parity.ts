/**
 * `schema-parity`: a database that was upgraded with its rows has the schema of a fresh install, and that of the declared model.
 */
import { diffCatalogs } from '../harness/core/catalog.ts';
import type { CatalogChange } from '../harness/core/catalog.ts';
import type { DeclaredModel, ParityContext } from '../harness/core/parity.ts';
import type { Finding, JudgementContext, Property } from '../harness/core/property.ts';
import { count } from '../harness/core/text.ts';
import { type Moment, momentOf } from '../harness/core/trace.ts';
import { compareWithModel, languageOf, type ModelComparison, nameOf } from './compare/model.ts';
import { mentionedDataObligations } from './compare/obligations.ts';
import { makeFinding } from './compare/state.ts';
import { describeChanges } from './compare/wording.ts';

/** Objects named in a note that lists them. */
const MOST_NAMED = 4;

export const schemaParity: Property = {
  id: 'schema-parity',
  title: 'Upgraded, freshly installed and declared schemas are the same',
  law: 'schema(U(d)) = schema(U(∅)) = model',
  clauses: [
    { id: 'fresh-upgraded', law: 'The catalog after U on data is that after U without generated rows.' },
    {
      id: 'model',
      law: 'After the last migration the catalog of a fresh install is that of the declared model, but for declared exceptions.',
    },
  ],
  scenario: 'standard',
  needs: 'after-up',
  quantifier: 'every-case',
  inapplicable: () => null,
  obligations: (context) => (dependsOnRows(context) ? mentionedDataObligations(context) : []),
  judge(trace, { parity }) {
    if (parity === null)
      return { status: 'unjudged', reason: 'the up script does not complete on a database without rows' };
    // The model is compared with a fresh install: whatever the rows did to the up, that can be judged.
    const comparison = parity.model === null ? null : comparisonOf(parity, parity.model);
    const findings = [
      ...judgeUpgrade(momentOf(trace, 'after-up'), parity),
      ...(parity.model === null || comparison === null ? [] : judgeModel(comparison, parity.model)),
    ];
    if (findings.length > 0) return { status: 'falsified', findings };
    if (!hasCompleted(momentOf(trace, 'after-up')))
      return { status: 'unjudged', reason: 'the up script did not complete' };
    const notes = parity.model === null || comparison === null ? [] : notesOf(comparison, parity.model);
    return { status: 'held', notes };
  },
  conclude({ parity, set, migration }) {
    if (parity === null || set.migrations.at(-1) !== migration) return [];
    if (parity.model === null)
      return parity.exceptions.length === 0
        ? []
        : ['exceptions of parity are declared, and no model that they could concern'];
    const { usedExceptions } = comparisonOf(parity, parity.model);
    return parity.exceptions.map((exception) =>
      usedExceptions.includes(exception)
        ? `${exception.object} may differ from the model: ${exception.reason}`
        : `nothing needs the exception for ${exception.object} (${exception.reason}): remove it`,
    );
  },
};

/** The comparison is the same for every case of a migration. */
const known = new WeakMap<ParityContext, ModelComparison>();

function comparisonOf(parity: ParityContext, model: DeclaredModel): ModelComparison {
  const found = known.get(parity);
  if (found !== undefined) return found;
  const made = compareWithModel(parity.fresh, model, parity.exceptions);
  known.set(parity, made);
  return made;
}

function hasCompleted(after: Moment | undefined): after is Moment {
  return after?.step?.outcome.status === 'completed';
}

function judgeUpgrade(after: Moment | undefined, { fresh }: ParityContext): readonly Finding[] {
  if (!hasCompleted(after)) return [];
  const changes = diffCatalogs(fresh, after.snapshot.catalog);
  const [first] = changes;
  if (first === undefined) return [];
  const message = `a database with these rows ends otherwise than a fresh one: ${describeChanges(changes)}`;
  return [makeFinding('fresh-upgraded', nameOf(first), message, { catalogChanges: changes })];
}

function judgeModel({ changes }: ModelComparison, model: DeclaredModel): readonly Finding[] {
  const [worst] = changes.toSorted((a, b) => rank(a) - rank(b));
  if (worst === undefined) return [];
  const message = describeModelChange(worst, model, changes.length - 1);
  const wayOut = `parity: { except: [{ object: '${nameOf(worst)}', reason: '<why>' }] }`;
  return [makeFinding('model', nameOf(worst), message, { catalogChanges: changes, wayOut })];
}

/** Whole objects before their parts. */
function rank(change: CatalogChange): number {
  return change.kind === 'table' || change.kind === 'schema' ? 0 : change.kind === 'column' ? 2 : 1;
}

function describeModelChange(change: CatalogChange, { file }: DeclaredModel, others: number): string {
  const more = others === 0 ? '' : ` (and ${count(others, 'more difference')})`;
  const name = nameOf(change);
  if (change.change === 'missing') return `${name} of the model ${file} is missing in the database${more}`;
  if (change.change !== 'altered') return `${name} of the database is missing in the model ${file}${more}`;
  const { attribute, expected, actual } = change;
  return `${name} differs: ${attribute} is ${actual ?? 'none'} in the database and ${expected ?? 'none'} in the model ${file}${more}`;
}

function notesOf({ unsayable }: ModelComparison, { source }: DeclaredModel): readonly string[] {
  if (unsayable.length === 0) return [];
  const named = unsayable.slice(0, MOST_NAMED).join(', ');
  const more = unsayable.length - MOST_NAMED;
  return [
    `${languageOf(source)} has no words for ${named}${more > 0 ? ` and ${count(more, 'more difference')}` : ''}: not compared with the model`,
  ];
}

/** Whether rows can decide what the script does to the schema: only where it computes statements, or writes the schema's own table. */
function dependsOnRows({ migration }: JudgementContext): boolean {
  return /\b(DO|CALL|EXECUTE|SELECT|FUNCTION|PROCEDURE|writable_schema)\b/i.test(migration.up.text);
}
