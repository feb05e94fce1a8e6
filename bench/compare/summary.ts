/** Medians, spreads and ratios of what was measured, as a table and as data. */

export interface Measured {
  readonly name: string;
  /** Milliseconds a case, one for each turn; empty: skipped. */
  readonly turns: readonly number[];
  readonly cases: number;
  readonly skipped: string | null;
}

/** Of two rows, and what it is to be. */
export interface Target {
  readonly what: string;
  /** The row whose time is above, and the one below the line. */
  readonly above: string;
  readonly below: string;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Ratio extends Target {
  /** Median over the turns, each taken side by side; null: a row was skipped. */
  readonly ratio: number | null;
  readonly isReached: boolean | null;
}

/** The middle of some numbers; not a number where there are none. */
function median(numbers: readonly number[]): number {
  const ordered = numbers.toSorted((a, b) => a - b);
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Ratios of rows that were measured in the same rounds. */
export function ratiosOf(rows: readonly Measured[], targets: readonly Target[]): readonly Ratio[] {
  return targets.map((target) => {
    const above = rows.find(({ name }) => name === target.above)?.turns ?? [];
    const below = rows.find(({ name }) => name === target.below)?.turns ?? [];
    if (above.length === 0 || below.length === 0) return { ...target, ratio: null, isReached: null };
    const ratio = median(above.slice(0, below.length).map((ms, at) => ms / (below[at] ?? Number.NaN)));
    const isReached = 'atLeast' in target.wanted ? ratio >= target.wanted.atLeast : ratio <= target.wanted.atMost;
    return { ...target, ratio, isReached };
  });
}

/** Both tables as Markdown. */
export function renderTables(
  rows: readonly Measured[],
  ratios: readonly Ratio[],
  floors: ReadonlyMap<string, string>,
): string {
  const lines = [
    '| way | ms a case, median | from – to | cases a second | × floor | cases |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const { name, turns, cases, skipped } of rows) {
    if (skipped !== null) {
      lines.push(`| ${name} | skipped: ${skipped} | | | | |`);
      continue;
    }
    const ms = median(turns);
    const floor = rows.find((row) => row.name === floors.get(name));
    const [ratio] =
      floor === undefined ? [] : ratiosOf(rows, [{ what: '', above: name, below: floor.name, wanted: { atMost: 0 } }]);
    const times = ratio?.ratio == null ? '' : ratio.ratio.toFixed(1);
    lines.push(
      `| ${name} | ${show(ms)} | ${show(Math.min(...turns))} – ${show(Math.max(...turns))} | ${show(1000 / ms)} | ${times} | ${cases * turns.length} |`,
    );
  }
  lines.push('', '| ratio | wanted | measured | |', '| --- | ---: | ---: | --- |');
  for (const { what, wanted, ratio, isReached } of ratios) {
    const goal = 'atLeast' in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`;
    lines.push(
      `| ${what} | ${goal} | ${ratio === null ? 'skipped' : ratio.toFixed(1)} | ${isReached === null ? '' : isReached ? 'reached' : 'not reached'} |`,
    );
  }
  return lines.join('\n');
}

function show(number: number): string {
  return number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2);
}
