/** One failure in full: the rows, the difference, the script with the guilty statement marked, what happened, and what to type. */
import { diffWordsWithSpace } from 'diff';
import type { CatalogChange } from '../../harness/core/catalog.ts';
import type { Cell, Row } from '../../harness/core/dataset.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import type { TableDifference } from '../../harness/core/property.ts';
import type { ReportCounterexample } from '../../harness/core/report.ts';
import { count } from '../../harness/core/text.ts';
import { groupDigits } from '../fit.ts';
import { outcomeOf } from '../migration-lines.ts';
import { showCell } from '../rows-table.ts';
import { markup, when, type Markup } from './markup.ts';
import type { FailureView } from './views.ts';

const MOST_ROWS = 200;

/** The view of a failure; `of` is how many there are. */
export function failureView({ number, failure, alsoSeenBy }: FailureView, of: number): Markup {
  const { set, migration, result } = failure;
  const example = result.counterexample;
  const outcome = outcomeOf(result);
  const step = (to: number, words: string): Markup =>
    to < 1 || to > of ? markup`` : markup`<a href="#f${to}" rel="${words}">${words}</a>`;
  return markup`<section class="view failure" id="f${number}" aria-labelledby="t${number}" hidden>
    <nav aria-label="Failures">
      <a href="#overview" class="back">← overview</a
      ><span>failure ${number} of ${of}</span>${step(number - 1, 'previous')}${step(number + 1, 'next')}
    </nav>
    <h2 id="t${number}" tabindex="-1">
      <span class="badge ${outcome}">${outcome}</span> ${migration.name}
      <span class="law">${result.property}${result.clause === null ? '' : `/${result.clause}`}</span>
    </h2>
    <p class="lead">${result.reason}</p>
    ${acceptedNote(failure)}
    ${when(example?.explanation != null, () => markup`<p class="words">${example?.explanation?.sentences.join(' ') ?? ''}</p>`)}
    ${example === null ? markup`<p>No counterexample was kept. The script: <code>${migration.upFile}</code></p>` : story(example, set.dialect, migration.upFile)}
    ${when(
      alsoSeenBy.length > 0,
      () =>
        markup`<h3>Also breaks</h3>
          <ul>
            ${alsoSeenBy.map(({ property, clause, reason }) => markup`<li><span class="law">${property}/${clause ?? ''}</span>: ${reason}</li>`)}
          </ul>`,
    )}
    <h3>Facts</h3>
    <dl class="facts">
      <div>
        <dt>set</dt>
        <dd>${set.path}</dd>
      </div>
      <div>
        <dt>engine</dt>
        <dd>${set.dialect} ${set.engineVersion} (${set.provider})</dd>
      </div>
      <div>
        <dt>cases judged</dt>
        <dd>
          ${groupDigits(result.cases)} with ${groupDigits(result.rows)} rows, ${groupDigits(result.discarded)} discarded
        </dd>
      </div>
      <div>
        <dt>up</dt>
        <dd>${migration.upFile} <small>${migration.upSha256.slice(0, 12)}</small></dd>
      </div>
      <div>
        <dt>down</dt>
        <dd>${migration.downFile ?? 'none'} <small>${migration.downSha256?.slice(0, 12) ?? ''}</small></dd>
      </div>
      ${when(
        example !== null,
        () =>
          markup`<div>
            <dt>stored as</dt>
            <dd>${example?.file ?? ''}</dd>
          </div>`,
      )}
    </dl>
  </section> `;
}

function acceptedNote({ result: { accepted } }: FailureView['failure']): Markup {
  if (accepted === null) return markup``;
  return accepted.by === 'waiver'
    ? markup`<p class="note">
        Waived until ${accepted.expires}${accepted.owner === null ? '' : `, ${accepted.owner} may renew it`}:
        ${accepted.reason} (${accepted.from})
      </p>`
    : markup`<p class="note">Known since ${accepted.recorded} (${accepted.file}).</p>`;
}

function story(example: ReportCounterexample, dialect: DialectName, upFile: string): Markup {
  const { finding } = example;
  const shell =
    dialect === 'postgres' ? `psql -X -f ${quote(example.repro)}` : `sqlite3 :memory: ".read ${example.repro}"`;
  return markup`<h3>See it again</h3>
    ${command(example.replay)}${command(shell)}
    <h3>The statement</h3>
    ${script(example, upFile)}
    ${when(finding.fault !== null, () => markup`<pre class="fault" tabindex="0"><b>${finding.fault?.code ?? ''}</b>  ${finding.fault?.message ?? ''}${[finding.fault?.detail, finding.fault?.hint].flatMap((line) => (line == null ? [] : [markup`${'\n'}${line}`]))}</pre>`)}
    <h3>
      The rows before
      <small
        >${count(example.rows, 'row')}${example.shrinks === 0 ? '' : `, after ${count(example.shrinks, 'reduction')}`}</small
      >
    </h3>
    ${rowsBefore(example, dialect)}
    ${when(
      finding.catalogChanges.length + finding.tableDifferences.length > 0,
      () =>
        markup`<h3>Expected, and what is there</h3>
          ${catalog(finding.catalogChanges)}${finding.tableDifferences.map((difference) => differences(difference, dialect))}`,
    )}
    <h3>What happened</h3>
    ${happened(example.steps)}
    ${when(
      finding.wayOut !== null,
      () =>
        markup`<h3>If this was meant, declare it</h3>
          ${command(finding.wayOut ?? '')}`,
    )}`;
}

/** A command with a button that copies it. */
function command(text: string): Markup {
  return markup`<div class="command">
    <pre tabindex="0">${text}</pre>
    <button type="button" class="copy">copy</button>
  </div>`;
}

function quote(file: string): string {
  return /^[\w./-]+$/u.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
}

function script({ finding, explanation }: ReportCounterexample, upFile: string): Markup {
  const { at } = finding;
  if (at === null) return markup`<p><code>${upFile}</code></p>`;
  const excerpt = explanation?.excerpt ?? {
    file: at.file,
    firstLine: at.line,
    lines: `${' '.repeat(Math.min(at.column - 1, 40))}${at.text}`.split(/\r\n|\n|\r/u),
    from: at.line,
    to: at.line + at.text.split('\n').length - 1,
  };
  const lines = excerpt.lines.map((text, index) => {
    const line = excerpt.firstLine + index;
    const isGuilty = line >= excerpt.from && line <= excerpt.to;
    const number = markup`<span class="ln">${isGuilty ? '›' : ' '}${String(line).padStart(4)}</span> `;
    return isGuilty ? markup`${number}<mark>${text}</mark>${'\n'}` : markup`${number}${text}${'\n'}`;
  });
  return markup`<figure class="script"><figcaption><code>${at.file}:${at.line}:${at.column}</code>${at.of > 1 ? ` statement ${at.number} of ${at.of}` : ''}</figcaption><pre tabindex="0">${lines}</pre></figure>`;
}

function rowsBefore(example: ReportCounterexample, dialect: DialectName): Markup {
  const tables = example.dataset.tables.filter(({ rows }) => rows.length > 0);
  if (tables.length === 0) return markup`<p>None: it fails without any generated row.</p>`;
  const isAny = (table: string, row: number, column: string): boolean =>
    example.anyValue.some((cells) => cells.table === table && cells.row === row && cells.columns.includes(column));
  return markup`${when(example.anyValue.length > 0, () => markup`<p class="dim"><i class="any">(any)</i> stands for any value: the failure is the same.</p>`)}${tables.map(
    ({ table, columns, rows }) =>
      grid(
        table,
        columns,
        rows
          .slice(0, MOST_ROWS)
          .map((row, at) =>
            columns.map((column, index) =>
              isAny(table, at, column) ? markup`<td><i class="any">(any)</i></td>` : cell(row[index] ?? null, dialect),
            ),
          ),
        rows.length - MOST_ROWS,
      ),
  )}`;
}

function cell(value: Cell, dialect: DialectName): Markup {
  const { text, isNull } = showCell(value, dialect);
  return isNull ? markup`<td><i class="null">${text}</i></td>` : markup`<td>${text}</td>`;
}

function grid(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Markup[])[],
  hidden: number,
): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${columns.map((name) => markup`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (cells) =>
              markup`<tr>
                ${cells}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${when(hidden > 0, () => markup`<p class="dim">and ${hidden} more, in the JSON report</p>`)}`;
}

function catalog(changes: readonly CatalogChange[]): Markup {
  if (changes.length === 0) return markup``;
  return grid(
    'the schema',
    ['object', 'attribute', 'expected', 'is'],
    changes.map((change) => {
      const name = markup`<td>${change.kind} <b>${change.name}</b></td>`;
      if (change.change === 'altered') {
        const [before, after] = compared(change.expected, change.actual);
        return [name, markup`<td>${change.attribute}</td>`, before, after];
      }
      const definition =
        change.attributes['definition'] ??
        change.attributes['type'] ??
        Object.values(change.attributes).find((value) => value !== null) ??
        'there';
      return change.change === 'missing'
        ? [name, markup`<td></td>`, markup`<td>${definition}</td>`, markup`<td><del>is missing</del></td>`]
        : [
            name,
            markup`<td></td>`,
            markup`<td><i class="null">nothing</i></td>`,
            markup`<td><ins>${definition}</ins></td>`,
          ];
    }),
    0,
  );
}

/** Two texts with what differs marked. */
function compared(expected: string | null, actual: string | null): readonly [Markup, Markup] {
  if (expected === null || actual === null || expected.length + actual.length > 4000)
    return [plain(expected), plain(actual)];
  const parts = diffWordsWithSpace(expected, actual);
  const side = (skip: 'added' | 'removed', mark: (text: string) => Markup): Markup =>
    markup`<td>
      ${parts.filter((part) => !part[skip]).map((part) => (part.added || part.removed ? mark(part.value) : markup`${part.value}`))}
    </td>`;
  return [side('added', (text) => markup`<del>${text}</del>`), side('removed', (text) => markup`<ins>${text}</ins>`)];
}

function plain(text: string | null): Markup {
  return text === null ? markup`<td><i class="null">absent</i></td>` : markup`<td>${text === '' ? "''" : text}</td>`;
}

function differences({ table, columns, missing, extra, changed }: TableDifference, dialect: DialectName): Markup {
  const shown = (rows: readonly Row[]): readonly (readonly Markup[])[] =>
    rows.slice(0, MOST_ROWS).map((row) => row.map((value) => cell(value, dialect)));
  return markup`${when(changed.length > 0, () =>
    grid(
      `${table}: cells that changed`,
      ['row', 'column', 'expected', 'is'],
      changed
        .slice(0, MOST_ROWS)
        .map(({ key, column, expected, actual }) => [
          markup`<td>${key.map((part) => showCell(part, dialect).text).join(', ')}</td>`,
          markup`<td>${column}</td>`,
          markup`<td><del>${showCell(expected, dialect).text}</del></td>`,
          markup`<td><ins>${showCell(actual, dialect).text}</ins></td>`,
        ]),
      changed.length - MOST_ROWS,
    ),
  )}${when(missing.length > 0, () => grid(`${table}: should be there and is not`, columns, shown(missing), missing.length - MOST_ROWS))}${when(extra.length > 0, () => grid(`${table}: is there and should not be`, columns, shown(extra), extra.length - MOST_ROWS))}`;
}

/** A step of several lines, or of columns, is a drawing: its blanks stay. */
function happened(steps: readonly string[]): Markup {
  if (steps.length === 0) return markup`<p class="dim">No step was recorded.</p>`;
  return markup`<ol class="steps">
    ${steps.map((step) => {
      const isDrawing = step.includes('\n') || step.includes(' │ ');
      const kind = /\bfailed|ended:|refused|killed/u.test(step) ? 'bad' : '';
      return isDrawing
        ? markup`<li class="drawn"><pre tabindex="0">${step}</pre></li>`
        : markup`<li class="${kind}">${step}</li>`;
    })}
  </ol>`;
}
