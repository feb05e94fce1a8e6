/**
 * What has to be seen before `held` means anything: rows that stay through a scan of several pages, ties, rows that come in on both sides of
 * the cursor, and pages that a commit crossed. Without them, a wrong pager would have had nothing to be wrong about.
 */
import type { PagingEvidence } from '../../harness/core/paging-history.ts';
import { isDrained } from './delivered.ts';
import { isThroughout, stayAt, viewHistory, type ScanView } from './history-view.ts';

type Fact = 'scan' | 'joint' | 'still' | 'stable' | 'tie' | 'ahead' | 'behind' | 'crossed' | 'disorder' | 'due';

const WORDS: Readonly<Record<Fact, string>> = {
  scan: 'a page',
  joint: 'a scan of several pages that the migration crossed',
  still: 'a scan of several pages with nobody writing',
  stable: 'a row that stayed through a scan of several pages',
  tie: 'rows that only the last part of the key tells apart',
  ahead: 'a row that came in ahead of the cursor',
  behind: 'a row that came in behind the cursor',
  crossed: 'a commit between two pages of a scan',
  disorder: 'a transaction that committed after a later one had been seen',
  due: 'a row that was due at the last poll',
};

const SCAN_FACTS: readonly Fact[] = ['still', 'stable', 'ahead', 'behind', 'crossed'];
const TAIL_FACTS: readonly Fact[] = ['crossed', 'disorder', 'due'];

/** What is owed for the pagers of a migration: a page of each, and what the histories of this one can show. */
export function owedOf(
  { pager, histories, isCrossing }: PagingEvidence,
  pagerIds: readonly string[],
): readonly string[] {
  const pages = [...pagerIds.map((id) => factOf('scan', id)), ...(isCrossing ? [factOf('joint', pager)] : [])];
  const [history] = histories;
  if (history === undefined) return pages;
  const { kind, key } = history.pager;
  // Writers of SQLite take turns: no transaction is overtaken by a later one.
  const tail = history.dialect === 'sqlite' ? TAIL_FACTS.filter((fact) => fact !== 'disorder') : TAIL_FACTS;
  const scan = key.length > 1 ? [...SCAN_FACTS, 'tie' as const] : SCAN_FACTS;
  return [...pages, ...(kind === 'tail' ? tail : scan).map((fact) => factOf(fact, pager))];
}

/** What the histories of a case show. */
export function seenIn({ pager, histories }: PagingEvidence): readonly string[] {
  const facts = histories.flatMap((history) => viewHistory(history).scans.flatMap(factsOf));
  return [...new Set(facts)].map((fact) => factOf(fact, pager));
}

function factOf(fact: Fact, pager: string): string {
  return `${WORDS[fact]} of the pager ${pager}`;
}

function factsOf(view: ScanView): readonly Fact[] {
  const { pages, history } = view;
  if (pages.length === 0) return [];
  const isLong = pages.length > 1;
  const isStill = history.mode === 'quiescent';
  if (view.isJoint) return ['scan', 'joint'];
  return [
    'scan',
    ...when(isLong && isStill, 'still'),
    ...when(isLong && !isStill && view.lives.some((life) => isThroughout(life, view)), 'stable'),
    ...when(hasTie(view), 'tie'),
    ...entered(view),
    ...when(isCrossed(view), 'crossed'),
    ...when(hasDisorder(view), 'disorder'),
    ...when(history.pager.kind === 'tail' && isDrained(view) && view.lives.length > 0, 'due'),
  ];
}

function when(isSo: boolean, fact: Fact): readonly Fact[] {
  return isSo ? [fact] : [];
}

/** Two rows that a page could both see, and whose keys differ in the last part alone. */
function hasTie({ lives, history }: ScanView): boolean {
  if (history.pager.key.length < 2) return false;
  const first = lives.flatMap((life) => stayAt(life, 0)?.version ?? []).filter(({ matches }) => matches);
  const heads = first.map(({ key }) => JSON.stringify(key.slice(0, -1)));
  return new Set(heads).size < heads.length;
}

function entered({ lives, returned, place }: ScanView): readonly Fact[] {
  const positions = new Map<number, number>();
  for (const { page, item } of returned) if (item.rank !== null) positions.set(page, place(item.rank));
  return lives.flatMap(({ stays }): readonly Fact[] => {
    const [first] = stays.toSorted((a, b) => a.from - b.from);
    if (first === undefined || first.from === 0 || first.from === first.until || !first.version.matches) return [];
    const position = positions.get(first.from - 1);
    if (position === undefined) return [];
    return [place(first.version.rank) > position ? 'ahead' : 'behind'];
  });
}

/** A later page of the scan sees a change that the first one does not. */
function isCrossed({ lives, pages }: ScanView): boolean {
  return lives.some(({ stays }) => stays.some(({ from, until }) => from > 0 || until < pages.length));
}

/** A page that saw a transaction while an earlier one, which later committed, was under way. */
function hasDisorder({ pages, history }: ScanView): boolean {
  const committed = history.transactions.filter(({ outcome }) => outcome === 'committed').map(({ id }) => BigInt(id));
  const known = new Set(committed);
  const latestFirst = committed.toSorted((a, b) => (a < b ? 1 : -1));
  return pages.some(({ snapshot }) => {
    const waiting = new Set(snapshot.inProgress.map(BigInt).filter((id) => known.has(id)));
    const seen = latestFirst.find((id) => id < BigInt(snapshot.xmax) && !waiting.has(id));
    return seen !== undefined && [...waiting].some((id) => id < seen);
  });
}
