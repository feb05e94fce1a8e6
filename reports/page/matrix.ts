/** The matrix of migrations and properties, one for each set; and the data behind it. */
import type { Report, ReportMigration, ReportResult, ReportSet } from '../../harness/core/report.ts';
import { count } from '../../harness/core/text.ts';
import { OUTCOMES, outcomeOf, worstOutcome } from '../migration-lines.ts';
import { allResults } from '../outcome-words.ts';
import { sanitize, sanitizeLines } from '../sanitize.ts';
import { markup, type Markup } from './markup.ts';
import { SIGNS } from './views.ts';

/** Properties that were asked, in the order in which they first stand in the report. */
export function askedProperties(report: Report): readonly string[] {
  return [...new Set(allResults(report).map(({ property }) => property))];
}

/** Every set with its migrations in rows and `properties` in columns. */
export function matrices(
  report: Report,
  properties: readonly string[],
  numbers: ReadonlyMap<ReportResult, number>,
): Markup {
  let row = 0;
  return markup`${report.sets.map((set) => {
    const first = row;
    row += set.migrations.length;
    return matrixOf(set, first, properties, numbers);
  })}`;
}

function matrixOf(
  set: ReportSet,
  first: number,
  properties: readonly string[],
  numbers: ReadonlyMap<ReportResult, number>,
): Markup {
  const engine = `${set.dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${set.engineVersion}`;
  return markup`<section class="set">
    <h3>
      <span class="path">${set.path}</span>
      <small>${engine} · ${set.layout} layout · ${set.provider} · ${count(set.migrations.length, 'migration')}</small>
    </h3>
    <div
      class="matrix"
      role="grid"
      aria-label="${`${set.path} on ${engine}`}"
      aria-rowcount="${set.migrations.length + 1}"
    >
      <div class="row head" role="row">
        <b role="columnheader" class="name">migration</b>${properties.map(
          (property) => markup`<b role="columnheader"><span>${property}</span></b>`,
        )}
      </div>
      ${set.migrations.map((migration, at) => rowOf(migration, first + at, properties, numbers))}
    </div>
  </section>`;
}

function rowOf(
  { name, results }: ReportMigration,
  index: number,
  properties: readonly string[],
  numbers: ReadonlyMap<ReportResult, number>,
): Markup {
  return markup`<div class="row" role="row" data-m="${index}">
    <b role="rowheader" class="name"><a href="#m${index}" tabindex="-1">${name}</a></b
    >${properties.map((property) => {
      const own = results.filter((result) => result.property === property);
      if (own.length === 0) return markup`<i role="gridcell" tabindex="-1"></i>`;
      const worst = worstOutcome(own);
      const shown = own.find((result) => outcomeOf(result) === worst);
      const number = shown === undefined ? undefined : numbers.get(shown);
      const sign = SIGNS[worst];
      return number === undefined
        ? markup`<i role="gridcell" tabindex="-1" class="${worst}">${sign}</i>`
        : markup`<i role="gridcell" tabindex="-1" class="${worst}" data-f="${number}"
            ><a href="#f${number}" tabindex="-1" aria-label="${`${worst}: ${property} of ${name}`}">${sign}</a></i
          >`;
    })}
  </div> `;
}

/** What the page's script knows of every result. Texts stand once, results point at them. */
export function matrixData(
  report: Report,
  properties: readonly string[],
  numbers: ReadonlyMap<ReportResult, number>,
): unknown {
  const strings: string[] = [];
  const places = new Map<string, number>();
  const place = (given: string): number => {
    const text = sanitizeLines(given).join('\n');
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, strings.length);
    return strings.push(text) - 1;
  };
  const migrations = report.sets.flatMap((set, setIndex) =>
    set.migrations.map(({ name, upFile, downFile, upSha256, downSha256, durationMs, results }) => [
      setIndex,
      sanitize(name),
      sanitize(upFile),
      downFile === null ? null : sanitize(downFile),
      upSha256,
      downSha256,
      durationMs,
      results.map((result) => [
        properties.indexOf(result.property),
        OUTCOMES.indexOf(outcomeOf(result)),
        sanitize(result.clause ?? ''),
        result.cases,
        result.rows,
        result.discarded,
        place(result.reason),
        numbers.get(result) ?? 0,
        result.notes.map(place),
      ]),
    ]),
  );
  return {
    properties,
    outcomes: OUTCOMES,
    signs: OUTCOMES.map((outcome) => SIGNS[outcome]),
    strings,
    migrations,
    sets: report.sets.map(({ path }) => sanitize(path)),
  };
}
