/** Funds with investments, the lots in which shares were bought, forecasts, and the reserves that a forecast plans. */
import type { FieldKind } from './entities.ts';
import type { Names } from './mapping.ts';

const fields = <Shape extends Readonly<Record<string, FieldKind>>>(shape: Shape): Shape => shape;

/** Entities and fields; parents before children. Amounts that end in `Cents` are whole numbers of cents. */
export const FUND_FIELDS = {
  fund: fields({ id: 'id', name: 'text', currency: 'text', size: 'amount', createdAt: 'moment' }),
  investment: fields({
    id: 'id',
    fund: 'id',
    company: 'text',
    /** What its lots cost. */
    amount: 'amount',
    investedOn: 'date',
    createdAt: 'moment',
  }),
  lot: fields({
    id: 'id',
    investment: 'id',
    /** `initial`, `follow-on`, `secondary`. */
    kind: 'label',
    unitPriceCents: 'count',
    shares: 'amount',
    costCents: 'count',
    createdAt: 'moment',
    updatedAt: 'moment',
  }),
  snapshot: fields({
    id: 'id',
    fund: 'id',
    name: 'text',
    /** `pending`, `calculating`, `complete`, `error`. */
    status: 'label',
    metrics: 'json',
    takenAt: 'moment',
    createdAt: 'moment',
    updatedAt: 'moment',
  }),
  /** Its snapshot and its investment are of one fund. */
  reserve: fields({
    id: 'id',
    snapshot: 'id',
    investment: 'id',
    plannedCents: 'count',
    rationale: 'text',
    createdAt: 'moment',
    updatedAt: 'moment',
  }),
} as const;

/** What a schema calls them. */
export type FundNames = Names<typeof FUND_FIELDS>;
