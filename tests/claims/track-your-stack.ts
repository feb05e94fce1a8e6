/** What the plan of `track-your-stack` promises: lots that add up, phases that can be undone, thresholds that are kept. */
import type { Claim } from './claim.ts';
import { judgeResults } from './from-report.ts';
import { SET } from './track-your-stack/holdings.ts';
import {
  judgeDeletedSale,
  judgeFixUpsAgree,
  judgeLotsEqualHoldings,
  judgeRollbackAfterSales,
  judgeSoldPositionIsLegal,
  judgeVerification,
} from './track-your-stack/lots.ts';
import { judgeDuration, judgeQueries } from './track-your-stack/thresholds.ts';

export const TRACK_YOUR_STACK_CLAIMS: readonly Claim[] = [
  {
    id: 'track-your-stack/lots-equal-holdings',
    set: SET,
    claim: 'After the data migration, the lots of every holding sum to it.',
    judge: judgeLotsEqualHoldings,
  },
  {
    id: 'track-your-stack/verification-tells-right-from-wrong',
    set: SET,
    claim: 'The verification script (doubles, with a tolerance) accepts what is right and nothing else.',
    judge: judgeVerification,
  },
  {
    id: 'track-your-stack/data-migration-runs-again',
    set: SET,
    claim: 'The data migration can be run again.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [
        { property: 'rerun-idempotent', migration: 'migrate_to_tax_lots' },
      ]),
  },
  {
    id: 'track-your-stack/date-and-basis-are-right',
    set: SET,
    claim: "A migrated lot has its holding's purchase date and cost basis.",
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [
        { property: 'invariants-hold', clause: 'migrated-lot-keeps-basis-and-date', migration: 'migrate_to_tax_lots' },
      ]),
  },
  {
    id: 'track-your-stack/fix-ups-make-constraints-validate',
    set: SET,
    claim: 'After the fix-ups of phase 4, every constraint validates.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [
        { property: 'applies', migration: 'add_data_constraints' },
      ]),
  },
  {
    id: 'track-your-stack/fix-ups-keep-lots-and-holdings-agreeing',
    set: SET,
    claim: 'After the fix-ups of phase 4, lots and holdings still agree.',
    judge: judgeFixUpsAgree,
  },
  {
    id: 'track-your-stack/sold-position-is-legal',
    set: SET,
    claim: 'A position can be sold completely.',
    judge: judgeSoldPositionIsLegal,
  },
  {
    id: 'track-your-stack/deleted-sale-gives-back',
    set: SET,
    claim: 'Deleting a sale gives its quantity back.',
    judge: judgeDeletedSale,
  },
  {
    id: 'track-your-stack/phase-2-rollback-after-sales-loses-nothing',
    set: SET,
    claim: 'Rolling phase 2 back after sales loses nothing.',
    judge: judgeRollbackAfterSales,
  },
  {
    id: 'track-your-stack/rolled-back-brings-the-schema-back',
    set: SET,
    claim: '`migrate resolve --rolled-back` brings the schema back.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [{ property: 'rollback-restores', clause: 'schema' }]),
  },
  {
    id: 'track-your-stack/backfill-fills-only-what-is-missing',
    set: SET,
    claim: 'The backfill touches only missing metadata.',
    judge: async (lab) =>
      judgeResults(await lab.verify(SET, 'as-documented'), [{ property: 'values-survive', migration: 'backfill' }]),
  },
  {
    id: 'track-your-stack/under-10-minutes',
    set: SET,
    claim: 'The migration takes at most 10 minutes.',
    judge: judgeDuration,
  },
  {
    id: 'track-your-stack/no-violation',
    set: SET,
    claim: 'No phase leaves a violation of data integrity.',
    judge: async (lab) => judgeResults(await lab.verify(SET, 'as-documented'), [{ property: 'invariants-hold' }]),
  },
  {
    id: 'track-your-stack/no-query-20-percent-slower',
    set: SET,
    claim: 'No query becomes more than 20 % slower.',
    judge: judgeQueries,
  },
];
