/** Judging documents: every claim, and each form of the set by every property. The command and the test both come through here. */
import type { Report } from '../../harness/core/report.ts';
import type { Document } from './all-claims.ts';
import type { Claim, ClaimOutcome, Form, Lab } from './claim.ts';
import { falsifiedIn, type Verdicts } from './verdicts.ts';

export interface JudgedClaim {
  readonly claim: Claim;
  /** Null where judging it failed: that says nothing about the document. */
  readonly outcome: ClaimOutcome | null;
  readonly fault: unknown;
}

export interface JudgedDocument {
  readonly set: string;
  readonly claims: readonly JudgedClaim[];
  /** What was found, as it would be recorded. Claims that could not be judged are absent. */
  readonly found: Verdicts;
  /** In the hardened forms: results that are neither held nor inapplicable, as sentences. */
  readonly unearned: readonly string[];
}

/** Documents at the same time: what two cores carry. */
const AT_ONCE = 2;

/** Judges documents, two at a time, and returns them in their order. Throws where a set cannot be verified at all. */
export async function judgeDocuments(
  documents: readonly Document[],
  lab: Lab,
  onJudged: (judged: JudgedClaim) => void = () => undefined,
): Promise<readonly JudgedDocument[]> {
  const results: JudgedDocument[] = [];
  const queue = documents.entries();
  const work = async (): Promise<void> => {
    for (const [index, document] of queue) results[index] = await judgeDocument(document, lab, onJudged);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function judgeDocument(
  { set, claims, forms = ['as-documented', 'hardened'] }: Document,
  lab: Lab,
  onJudged: (judged: JudgedClaim) => void,
): Promise<JudgedDocument> {
  const judged: JudgedClaim[] = [];
  for (const claim of claims) {
    const result = await judgeClaim(claim, lab);
    onJudged(result);
    judged.push(result);
  }
  const reports: [Form, Report][] = [];
  for (const form of forms) reports.push([form, await lab.verify(set, form)]);
  return {
    set,
    claims: judged,
    found: {
      falsified: Object.fromEntries(reports.map(([form, report]) => [form, falsifiedIn(report)])),
      claims: Object.fromEntries(
        judged.flatMap(({ claim, outcome }) => (outcome === null ? [] : [[claim.id, outcome.verdict]])),
      ),
    },
    unearned: reports
      .filter(([form]) => form.startsWith('hardened'))
      .flatMap(([form, report]) => unearnedIn(report).map((result) => `${form}: ${result}`)),
  };
}

function unearnedIn({ sets }: Report): readonly string[] {
  return sets
    .flatMap(({ migrations }) => migrations)
    .flatMap(({ name, results }) =>
      results
        .filter(({ verdict }) => verdict !== 'held' && verdict !== 'inapplicable')
        .map(({ property, verdict, reason }) => `${name} ${property}: ${verdict}, ${reason}`),
    );
}

async function judgeClaim(claim: Claim, lab: Lab): Promise<JudgedClaim> {
  try {
    return { claim, outcome: await claim.judge(lab), fault: null };
  } catch (fault) {
    return { claim, outcome: null, fault };
  }
}
