/** Failures that somebody has accepted: waivers with reason and last day, and what became of a baseline. */
import type { ReportSet, ReportWaiver } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { hang } from './fit.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_FIXED = 10;

/** Every waiver of the run, those that cover a failure first. Several versions of one set say a thing once. */
export function describeWaivers(sets: readonly ReportSet[], style: Style): readonly string[] {
  const order: readonly ReportWaiver['status'][] = ['used', 'expired', 'stale', 'open'];
  const waivers = sets.flatMap((set) => set.waivers);
  const lines = order.flatMap((status) =>
    waivers.filter((waiver) => waiver.status === status).map((waiver) => describeWaiver(waiver)),
  );
  if (lines.length === 0) return [];
  return [
    style.paint.bold('Waived'),
    ...[...new Set(lines)].flatMap((line) => hang(`  ${style.glyphs.accepted} `, line, style.width)),
  ];
}

function describeWaiver({
  migration,
  property,
  clause,
  object,
  reason,
  expires,
  owner,
  from,
  status,
}: ReportWaiver): string {
  const what = `${migration} ${property}${clause === null ? '' : `/${clause}`}${object === null ? '' : ` on ${object}`}`;
  const who = owner === null ? '' : `, ${owner} may renew it`;
  const ends: Readonly<Record<ReportWaiver['status'], string>> = {
    used: `until ${expires}${who}: ${reason}`,
    expired: `expired on ${expires}, so the failure counts${who === '' ? '' : `; ${owner} may renew it`}: ${reason}`,
    stale: 'stale: nothing needs it any more; remove it',
    open: `until ${expires}${who}, not needed so far as was judged: ${reason}`,
  };
  return sanitize(`${what} ${ends[status]} (${from})`);
}

/** How many failures were known, and which of them are gone. */
export function describeBaselines(sets: readonly ReportSet[], style: Style): readonly string[] {
  const lines = sets.flatMap(({ path, baseline }) => {
    if (baseline === null) return [];
    const { file, known, fixed, open } = baseline;
    const all = known + fixed.length + open;
    const parts = [
      `${sanitize(file)}: ${known} of ${count(all, 'known failure')} of ${sanitize(path)} ${known === 1 ? 'is' : 'are'} still there`,
      ...(open === 0 ? [] : [`nothing can be said of ${open}`]),
    ];
    const told = fixed
      .slice(0, MOST_FIXED)
      .map((gone) => `fixed: ${gone.migration} ${gone.property}/${gone.clause} on ${gone.object}`);
    const hidden = fixed.length - MOST_FIXED;
    return [
      parts.join('; '),
      ...told.map((text) => sanitize(text)),
      ...(hidden > 0 ? [`and ${hidden} more that are fixed, all in the JSON report`] : []),
      ...(fixed.length === 0 ? [] : ['palindrome baseline --update takes what is fixed out of the file']),
    ];
  });
  if (lines.length === 0) return [];
  return [
    style.paint.bold('Baseline'),
    ...lines.flatMap((line) => hang(`  ${style.glyphs.accepted} `, line, style.width)),
  ];
}
