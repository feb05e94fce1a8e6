/** Stored counterexamples as the first cases of a run. */
import type { Corpus } from '../campaign/plan.ts';
import type { Counterexample } from '../core/counterexample.ts';
import { countRows } from '../core/dataset.ts';
import type { CampaignEvent } from '../core/events.ts';
import { keyOfFailure } from '../core/history.ts';
import { count } from '../core/text.ts';
import type { CounterexampleArchive } from '../store/store.ts';

/** Stored cases of one migration and scenario beyond which the largest are left out. */
const MOST_OF_A_KIND = 40;

/** Reads a store once. Files that cannot be read are told and passed over. Throws `store-newer`, `store-invalid`. */
export async function readCorpus(store: CounterexampleArchive, emit: (event: CampaignEvent) => void): Promise<Corpus> {
  return corpusOf(await readExamples(store, emit), emit);
}

/** Every example of a store that can be read; the others are told. */
export async function readExamples(
  store: CounterexampleArchive,
  emit: (event: CampaignEvent) => void,
): Promise<readonly Counterexample[]> {
  return (await store.loadAll()).flatMap(({ example, fault }) => {
    if (fault !== null) emit({ type: 'note', message: `a stored case was not run: ${fault}` });
    return example ?? [];
  });
}

/** Examples as the first cases of their migrations. */
export function corpusOf(examples: readonly Counterexample[], emit: (event: CampaignEvent) => void): Corpus {
  const byPlace = new Map<string, Counterexample[]>();
  for (const example of examples) {
    const place = placeOf(example.set.path, example.migration.name, example.scenario);
    byPlace.set(place, [...(byPlace.get(place) ?? []), example]);
  }
  return ({ path }, migration, scenario) => {
    const place = placeOf(path, migration, scenario);
    const all = byPlace.get(place) ?? [];
    if (all.length <= MOST_OF_A_KIND) return all;
    const chosen = chooseCases(all);
    emit({
      type: 'note',
      message: `of ${count(all.length, 'stored case')} for ${migration}, the ${chosen.length} smallest were run first`,
    });
    byPlace.set(place, chosen);
    return chosen;
  };
}

/** The smallest of each failure first, then the next smallest, until there are enough. */
function chooseCases(all: readonly Counterexample[]): Counterexample[] {
  const seen = new Map<string, number>();
  return all
    .toSorted((a, b) => countRows(a.dataset) - countRows(b.dataset))
    .map((example) => {
      const { set, migration, property, clause, finding } = example;
      const key = keyOfFailure({ set: set.path, migration: migration.name, property, clause, object: finding.object });
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      return { example, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, MOST_OF_A_KIND)
    .map(({ example }) => example);
}

function placeOf(path: string, migration: string, scenario: string): string {
  return JSON.stringify([path, migration, scenario]);
}
