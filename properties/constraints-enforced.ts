/** `constraints-enforced`: after up and after down the constraints are not only there, they work. */
import type { Catalog, CatalogObject } from '../harness/core/catalog.ts';
import { evidenceOf, type Probe } from '../harness/core/evidence.ts';
import type { Migration } from '../harness/core/migration.ts';
import type { Finding, JudgementContext, Property } from '../harness/core/property.ts';
import { type MomentName, momentOf, type Trace } from '../harness/core/trace.ts';
import { makeFinding } from './compare/state.ts';

const WHEN: Readonly<Record<Probe['at'], string>> = {
  'after-up': 'after the up script',
  'after-down': 'after up and down',
};

export const constraintsEnforced: Property = {
  id: 'constraints-enforced',
  title: 'Constraints work, after up and after down',
  law: 'for each c of U(d), and each c of d in D(U(d)): a row that only c forbids is refused by c',
  clauses: [
    { id: 'refused', law: 'For each constraint, a row that breaks only it is refused by it.' },
    {
      id: 'actions',
      law: 'Where a parent goes, or gets another key, each foreign key does what its ON DELETE and ON UPDATE declare.',
    },
    { id: 'validated', law: 'No constraint is left NOT VALID that no later migration validates.' },
    { id: 'ready', law: 'No index is left invalid, and no trigger or foreign key switched off.' },
    { id: 'agrees', law: 'No row contradicts a constraint, and indexes agree with their tables.' },
  ],
  scenario: 'probed',
  whenAsked:
    'tries rows against every constraint after up and after down, which takes about as long as all others together',
  needs: 'after-down',
  quantifier: 'every-case',
  inapplicable: () => null,
  obligations: () => [],
  judge(trace, context) {
    const evidence = evidenceOf(trace, 'probes');
    if (evidence === null) return { status: 'unjudged', reason: trace.endedEarly ?? 'nothing was probed' };
    const findings = [
      ...evidence.probes.filter(({ outcome }) => outcome === 'broken').map((probe) => probeFinding(probe)),
      ...evidence.disagreements.map(({ at, object, message }) =>
        makeFinding('agrees', object, `${WHEN[at]}, ${object} does not agree with the rows: ${message}`),
      ),
      ...(['after-up', 'after-down'] as const).flatMap((at) => judgeCatalog(trace, at, context)),
    ].filter((finding) => !wasSoBefore(finding, trace));
    if (findings.length > 0) return { status: 'falsified', findings };
    const rows = (outcomes: readonly Probe['outcome'][]): readonly string[] =>
      evidence.probes
        .filter(({ part, outcome }) => part === 'refusal' && outcomes.includes(outcome))
        .map(({ at, constraint }) => `a row that only ${constraint} refuses, ${WHEN[at]}`);
    return { status: 'held', notes: [], seen: rows(['works']), owed: rows(['works', 'unknown']) };
  },
};

function probeFinding({ at, constraint, part, sql, instead }: Probe): Finding {
  const what = part === 'action' ? `${constraint} does not act` : `${constraint} does not refuse a row that it forbids`;
  return makeFinding(
    part === 'action' ? 'actions' : 'refused',
    constraint,
    `${WHEN[at]}, ${what}: ${instead ?? ''} (${sql ?? ''})`,
  );
}

/** An action that can never succeed (SET NULL where NULL is forbidden) may be older than the migration. */
function wasSoBefore({ clause, object }: Finding, trace: Trace): boolean {
  if (clause !== 'actions') return false;
  const [before, up] = [momentOf(trace, 'before'), momentOf(trace, 'after-up')].map(
    (moment) => moment?.snapshot.catalog,
  );
  if (before === undefined || up === undefined) return false;
  const table = object.slice(object.lastIndexOf(' of ') + 4);
  return shapeOf(before, table) !== '' && shapeOf(before, table) === shapeOf(up, table);
}

function shapeOf({ objects }: Catalog, table: string): string {
  return JSON.stringify(
    objects.filter((object) => object.table === table && /foreign key|column|trigger/.test(object.kind)),
  );
}

/** What a catalog itself says is not in force, and was not so before. */
function judgeCatalog(trace: Trace, at: MomentName & Probe['at'], context: JudgementContext): readonly Finding[] {
  const before = momentOf(trace, 'before')?.snapshot.catalog;
  const now = momentOf(trace, at)?.snapshot.catalog;
  if (before === undefined || now === undefined) return [];
  const known = new Map(before.objects.map((object) => [`${object.kind}\0${object.name}`, object]));
  return now.objects.flatMap((object) =>
    flawsOf(object)
      .filter(({ attribute, value }) => known.get(`${object.kind}\0${object.name}`)?.attributes[attribute] !== value)
      .filter(({ clause }) => clause !== 'validated' || at === 'after-down' || !isValidatedLater(object, context))
      .map(({ clause, words }) =>
        makeFinding(clause, `${object.kind} ${object.name}`, `${WHEN[at]}, ${object.kind} ${object.name} ${words}`, {
          wayOut:
            clause === 'validated'
              ? '-- palindrome: ignore constraints-enforced because <why old rows may break it>, or validate it here or in a later migration'
              : null,
        }),
      ),
  );
}

interface Flaw {
  readonly clause: 'validated' | 'ready';
  readonly attribute: string;
  readonly value: string;
  readonly words: string;
}

function flawsOf({ kind, attributes }: CatalogObject): readonly Flaw[] {
  const flaws: Flaw[] = [];
  const add = (
    clause: Flaw['clause'],
    attribute: string,
    isFlaw: (value: string) => boolean,
    words: (value: string) => string,
  ): void => {
    const value = attributes[attribute] ?? null;
    if (value !== null && isFlaw(value)) flaws.push({ clause, attribute, value, words: words(value) });
  };
  add('validated', 'validated', isNo, () => 'is NOT VALID: nobody has looked at the rows that were there');
  add('ready', 'valid', isNo, () => 'is invalid: it is written to, and never read');
  add('ready', 'index valid', isNo, () => 'rests on an invalid index');
  add(
    'ready',
    'enforced by triggers',
    (value) => value.startsWith('no'),
    (value) => `is not enforced (${value.replace(/^no: /, '')})`,
  );
  if (kind === 'trigger')
    add(
      'ready',
      'state',
      (value) => value === 'disabled' || value === 'on replicas',
      (value) => `is ${value}`,
    );
  return flaws;
}

/** A constraint that is added first and validated in a migration of its own is good practice. */
function isValidatedLater({ name }: CatalogObject, { set, migration }: JudgementContext): boolean {
  const bare = (name.split('.').at(-1) ?? name).replaceAll('"', '').toLowerCase();
  const later: readonly Migration[] = set.migrations.slice(
    set.migrations.findIndex(({ name: id }) => id === migration.name) + 1,
  );
  return later.some(({ up }) => /\bvalidate\s+constraint\b/i.test(up.text) && up.text.toLowerCase().includes(bare));
}

function isNo(value: string): boolean {
  return value === 'no';
}
