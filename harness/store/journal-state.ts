/** What a journal tells of a campaign that did not end, from its lines. */
import { PalindromeError } from '../core/errors.ts';
import type { JournalRecord, JournalStart, JournalState, KeptFailure, KeptRecords } from '../core/fuzz-journal.ts';

/** What the lines of a journal tell. Null: nothing whole was written. The last line may be cut off; another one may not. Throws `journal-invalid`, `store-newer`. */
export function readState(text: string, shownAs: string): JournalState | null {
  const lines = text.split('\n').filter((line) => line !== '');
  const records = lines.flatMap((line, at) => {
    try {
      return [JSON.parse(line) as JournalRecord];
    } catch {
      // A cut line is the last one of a process; the next one goes on after it.
      const next = lines[at + 1];
      if (next === undefined || next.startsWith('{"type":"visited"') || next.startsWith('{"type":"stands"')) return [];
      throw invalid(shownAs, `line ${at + 1} is no JSON`);
    }
  });
  const [start] = records;
  if (start === undefined) return null;
  if (start.type !== 'started') throw invalid(shownAs, 'its first line does not say what it is');
  requireKnown(start, shownAs);
  const visited = new Map<string, Extract<JournalRecord, { type: 'visited' }>>();
  const whole = new Map<string, KeptFailure>();
  let stands: JournalState['stands'] = null;
  const suspects = new Map<string, { unit: string; example: JournalState['suspects'][number] }>();
  for (const record of records) {
    if (record.type === 'stands') stands = record;
    if (record.type === 'suspect') suspects.set(record.example.id, record);
    if (record.type !== 'visited') continue;
    visited.set(record.unit, { ...record, records: resolve(record.unit, record.records, whole) });
    for (const [id, { unit }] of suspects) if (unit === record.unit) suspects.delete(id);
  }
  return { start, stands, visited, suspects: [...suspects.values()].map(({ example }) => example) };
}

/** Puts whole failures in the place of their keys. */
function resolve(unit: string, records: KeptRecords, whole: Map<string, KeptFailure>): KeptRecords {
  return {
    ...records,
    tallies: records.tallies.map((tally) => ({
      ...tally,
      failures: tally.failures.flatMap((failure) => {
        const name = JSON.stringify([unit, tally.property, failure.key]);
        const found = 'finding' in failure ? failure : whole.get(name);
        if (found === undefined) return [];
        const merged = { ...found, alsoObjects: failure.alsoObjects };
        whole.set(name, merged);
        return [merged];
      }),
    })),
  };
}

function requireKnown({ format }: JournalStart, shownAs: string): void {
  if (format === 'palindrome-fuzz/1') return;
  throw new PalindromeError(
    'store-newer',
    `${shownAs} has the format ${String(format)}, which this version does not know.`,
    {
      hint: 'Update palindrome, or start a campaign of its own without --resume.',
    },
  );
}

function invalid(shownAs: string, what: string): PalindromeError {
  return new PalindromeError('journal-invalid', `${shownAs} is no journal of a campaign: ${what}.`, {
    hint: 'Remove it and start a new campaign: stored failures are kept apart from it, and run first.',
  });
}

/** The error of a campaign that another process has in hand. */
export function campaignRunning(id: string, shownAs: string): PalindromeError {
  return new PalindromeError('campaign-running', `The campaign ${id} in ${shownAs} is being run by another process.`, {
    hint: 'Wait for it to end, or start a campaign of its own without --resume: both may use the store.',
  });
}
