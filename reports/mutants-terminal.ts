/** The report over mutants for people: a score for each migration, the survivors as diffs, and the sum of it all. */
import type {
  MutantCounts,
  MutantsMigration,
  MutantsReport,
  MutantsSet,
  ReportMutant,
} from '../harness/core/mutants-report.ts';
import { count } from '../harness/core/text.ts';
import { cutTo, hang, padTo, showDuration, widthOf } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** The whole report, line by line. */
export function describeMutants(report: MutantsReport, style: Style): readonly string[] {
  const survivors = report.sets.flatMap(({ migrations }) =>
    migrations.flatMap(({ mutants }) => mutants.filter(({ status }) => status === 'survived')),
  );
  const blocks = [
    ...report.sets.map((set) => describeSet(set, style)),
    ...survivors.map((mutant, index) => describeSurvivor(mutant, index + 1, survivors.length, style)),
    describeLeftOut(report.sets, style),
    describeRest(report.sets, style),
    describeTotals(report, style),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function describeSet(
  { path, layout, dialect, engineVersion, notes, migrations }: MutantsSet,
  style: Style,
): readonly string[] {
  const { paint, glyphs, width } = style;
  const engine = `${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${engineVersion}`.trimEnd();
  const facts = [`${layout} layout`, engine, count(migrations.length, 'migration')].join(` ${glyphs.dot} `);
  const nameWidth = Math.max(0, ...migrations.map(({ name }) => widthOf(sanitize(name))));
  return [
    `${paint.bold(sanitize(path))}  ${paint.dim(facts)}`,
    '',
    ...migrations.flatMap((migration) => describeMigration(migration, Math.min(nameWidth, 44), style)),
    ...(notes.length === 0
      ? []
      : ['', ...notes.flatMap((note) => hang(`  ${glyphs.dot} `, sanitize(note), width)).map(paint.dim)]),
  ];
}

function describeMigration(
  { name, counts, killedBy }: MutantsMigration,
  nameWidth: number,
  style: Style,
): readonly string[] {
  const { paint, glyphs, width } = style;
  const glyph =
    counts.survived > 0
      ? paint.red(glyphs.falsified)
      : counts.killed > 0
        ? paint.green(glyphs.held)
        : paint.dim(glyphs.inapplicable);
  const score = padTo(counts.score === null ? glyphs.inapplicable : `${counts.score} %`, 7, 'right');
  const sums = describeCounts(counts);
  const killers = killedBy.map(({ property, mutants }) => `${property} ${mutants}`).join(', ');
  return [
    `${glyph} ${padTo(cutTo(sanitize(name), nameWidth, glyphs.ellipsis), nameWidth)}  ${score}  ${sums}`,
    ...(killers === '' ? [] : hang('    caught by ', killers, width).map(paint.dim)),
  ];
}

function describeCounts({
  found,
  taken,
  killed,
  survived,
  equivalent,
  stillborn,
  undecided,
  notRun,
}: MutantCounts): string {
  const parts = [
    [killed, 'caught'],
    [survived, 'survived'],
    [equivalent, 'equivalent'],
    [stillborn, 'stillborn'],
    [undecided, 'undecided'],
    [notRun, 'not run'],
  ] as const;
  const told = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  const of = taken < found ? `${taken} of ${found} mutants` : count(found, 'mutant');
  return told.length === 0 ? of : `${of}: ${told.join(', ')}`;
}

function describeSurvivor(mutant: ReportMutant, number: number, of: number, style: Style): readonly string[] {
  const { paint, width } = style;
  const { file, line, operator, what, mistake, reason, advice, diff } = mutant;
  return [
    paint.bold(paint.red(`Survivor ${number} of ${of}: ${sanitize(file)}:${line}  ${operator}`)),
    ...hang('  ', `It ${sanitize(what)}. ${mistake}`, width),
    ...hang('  ', sanitize(reason.charAt(0).toUpperCase() + reason.slice(1)) + '.', width),
    ...(advice === null ? [] : hang('  ', sanitize(advice), width)),
    ...diffLines(diff).map((each) => `    ${paintDiff(each, style)}`),
  ];
}

function diffLines(diff: string): readonly string[] {
  return diff
    .replace(/\n$/u, '')
    .split('\n')
    .map((line) => sanitize(line.replace(/\r$/u, '').replaceAll('\t', '  ')));
}

function paintDiff(line: string, { paint }: Style): string {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@')) return paint.dim(line);
  if (line.startsWith('+')) return paint.green(line);
  return line.startsWith('-') ? paint.red(line) : line;
}

function describeLeftOut(sets: readonly MutantsSet[], { paint, glyphs, width }: Style): readonly string[] {
  const left = sets.flatMap(({ migrations }) =>
    migrations.flatMap(({ name, leftOut }) => leftOut.map(({ property, reason }) => ({ name, property, reason }))),
  );
  if (left.length === 0) return [];
  return [
    ...hang(
      '',
      'The originals themselves falsify these properties; no mutant was measured against them. Make `palindrome verify` hold first.',
      width,
    ).map(paint.bold),
    ...left.flatMap(({ name, property, reason }) =>
      hang(`  ${glyphs.falsified} `, sanitize(`${name}  ${property}: ${reason}`), width),
    ),
  ];
}

/** Undecided mutants and those that were not run, by their reason; equivalent ones by their place. */
function describeRest(sets: readonly MutantsSet[], { paint, glyphs, width }: Style): readonly string[] {
  const all = sets.flatMap(({ migrations }) => migrations.flatMap(({ mutants }) => mutants));
  const equivalent = all.filter(({ status }) => status === 'equivalent');
  const reasons = new Map<string, number>();
  for (const { status, reason } of all)
    if (status === 'undecided' || status === 'not-run') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const lines = [
    ...equivalent.map(({ file, line, what }) => `equivalent, not counted: ${file}:${line} ${what}`),
    ...[...reasons].map(([reason, n]) => `${count(n, 'mutant')} not measured: ${reason}`),
  ];
  return lines.flatMap((line) => hang(`  ${glyphs.dot} `, sanitize(line), width)).map(paint.dim);
}

function describeTotals({ run, total, limits }: MutantsReport, { paint, glyphs, width }: Style): readonly string[] {
  const { score } = total;
  const head =
    score === null
      ? 'no mutant was decided'
      : `${score} % of mutants caught (${total.killed} of ${total.killed + total.survived})`;
  const isMissed = run.minScore !== null && score !== null && score < run.minScore;
  const asked =
    run.minScore === null ? '' : isMissed ? `, below the ${run.minScore} % asked for` : `, ${run.minScore} % asked for`;
  const paintHead = isMissed || score === null ? paint.red : total.survived === 0 ? paint.green : paint.bold;
  const words = [describeCounts(total), `seed ${run.seed}`, showDuration(run.durationMs)].join(` ${glyphs.dot} `);
  return [
    ...limits.flatMap((limit) => hang(`  ${glyphs.dot} `, sanitize(limit), width)).map(paint.dim),
    '',
    paintHead(`${head}${asked}`),
    ...hang('', words, width).map(paint.dim),
    ...(run.stoppedBecause === 'finished' ? [] : hang('', `Ended early: ${sanitize(run.stoppedBecause)}`, width)),
  ];
}
