/** The table of claims: for a terminal, and in Markdown as the README has it. */
import { messageOf } from '../../harness/core/errors.ts';
import { padTo, widthOf, wrap } from '../../reports/fit.ts';
import { sanitize } from '../../reports/sanitize.ts';
import type { Style } from '../../reports/style.ts';
import type { JudgedClaim, JudgedDocument } from './judge.ts';

const CLAIM_WIDTH = 34;
const REPLAY_WIDTH = 10;
const GAP = 2;

const BEGIN = '<!-- claims: npm run claims -- --record -->';
const END = '<!-- end of claims -->';

/** One table for each document: glyph and claim, what was seen, and the id to replay. */
export function drawTable(documents: readonly JudgedDocument[], style: Style): readonly string[] {
  return documents.flatMap(({ set, claims }) => [
    '',
    style.paint.bold(set),
    ...claims.flatMap((row) => drawRow(row, style)),
  ]);
}

function drawRow(row: JudgedClaim, { width, glyphs, paint }: Style): readonly string[] {
  const { verdict, evidence, replay } = cellsOf(row);
  const paints = { held: paint.green, falsified: paint.red, inconclusive: paint.yellow, failed: paint.red };
  const glyph = verdict === 'failed' ? '!' : glyphs[verdict];
  const evidenceWidth = width - CLAIM_WIDTH - REPLAY_WIDTH - 3 * GAP - 1;
  const columns = [
    wrap(row.claim.claim, CLAIM_WIDTH - GAP),
    wrap(evidence, evidenceWidth).flatMap((line) => cutHard(line, evidenceWidth)),
    [replay],
  ] as const;
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const [claim = '', seen = '', id = ''] = columns.map((lines) => lines[index] ?? '');
    const head = index === 0 ? paints[verdict](glyph) : ' ';
    return `${head} ${padTo(claim, CLAIM_WIDTH)}${padTo(seen, evidenceWidth + GAP)}${id}`.trimEnd();
  });
}

/** A word that is longer than its column, in pieces. */
function cutHard(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  return line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [line];
}

/** The README's table, between the two comments that mark it. */
export function renderMarkdown(documents: readonly JudgedDocument[]): string {
  const rows = documents.flatMap(({ set, claims }) =>
    claims.map((row) => {
      const { verdict, evidence, replay } = cellsOf(row);
      const id = replay === '' ? '' : `\`${replay}\``;
      return `| [${set}](migrations/reference/${set}/README.md) | ${escape(row.claim.claim)} | ${verdict} | ${escape(evidence)} | ${id} |`;
    }),
  );
  return [
    BEGIN,
    '<!-- prettier-ignore-start -->',
    '',
    '| document | claim | verdict | what was seen | replay |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '<!-- prettier-ignore-end -->',
    END,
  ].join('\n');
}

/** The block of a README that holds the table; null where there is none. */
export function findTable(readme: string): string | null {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END, from);
  return from === -1 || to === -1 ? null : readme.slice(from, to + END.length);
}

/** How many claims ended how, in a line. */
export function drawTotals(documents: readonly JudgedDocument[], { glyphs }: Style): string {
  const verdicts = documents.flatMap(({ claims }) => claims.map((row) => cellsOf(row).verdict));
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
  const parts = [
    `${glyphs.held} ${count('held')} held`,
    `${glyphs.falsified} ${count('falsified')} falsified`,
    `${glyphs.inconclusive} ${count('inconclusive')} inconclusive`,
    `! ${count('failed')} not judged`,
  ];
  return `${parts.filter((part) => !part.includes(' 0 ')).join('   ')}   of ${verdicts.length} claims in ${documents.length} documents`;
}

function cellsOf({ outcome, fault }: JudgedClaim): {
  readonly verdict: 'held' | 'falsified' | 'inconclusive' | 'failed';
  readonly evidence: string;
  readonly replay: string;
} {
  if (outcome === null) return { verdict: 'failed', evidence: oneLine(messageOf(fault)), replay: '' };
  return { verdict: outcome.verdict, evidence: oneLine(outcome.evidence), replay: outcome.replay ?? '' };
}

function oneLine(text: string): string {
  return sanitize(text.replaceAll(/\s+/gu, ' ').trim());
}

function escape(text: string): string {
  return text.replaceAll(/[\\|<*`]/gu, (character) => `\\${character}`);
}
