/** Users with portfolios of holdings, their tax lots, and what happened to them. */
import type { FieldKind } from './entities.ts';
import type { Names } from './mapping.ts';

const fields = <Shape extends Readonly<Record<string, FieldKind>>>(shape: Shape): Shape => shape;

/** Entities and fields; parents before children. */
export const INVESTOR_FIELDS = {
  user: fields({ id: 'id', email: 'text', name: 'text' }),
  portfolio: fields({ id: 'id', user: 'id', name: 'text', currency: 'text', createdAt: 'moment', updatedAt: 'moment' }),
  holding: fields({
    id: 'id',
    portfolio: 'id',
    ticker: 'text',
    name: 'text',
    /** `stock`, `fund`, `crypto`, `mutual-fund`. */
    kind: 'label',
    currency: 'text',
    quantity: 'amount',
    /** Mean cost of what is held, per unit. */
    averageCost: 'amount',
    price: 'amount',
    pricedAt: 'moment',
    createdAt: 'moment',
    updatedAt: 'moment',
  }),
  lot: fields({
    id: 'id',
    holding: 'id',
    acquiredOn: 'date',
    quantity: 'amount',
    unitCost: 'amount',
    fees: 'amount',
    /** Quantity less what sales took. */
    remaining: 'amount',
    /** `open`, `partial`, `closed`. */
    status: 'label',
    createdAt: 'moment',
    updatedAt: 'moment',
  }),
  sale: fields({
    id: 'id',
    holding: 'id',
    soldOn: 'date',
    quantity: 'amount',
    unitPrice: 'amount',
    fees: 'amount',
    createdAt: 'moment',
  }),
  allocation: fields({ id: 'id', sale: 'id', lot: 'id', quantity: 'amount' }),
  dividend: fields({
    id: 'id',
    holding: 'id',
    exOn: 'date',
    paidOn: 'date',
    perShare: 'amount',
    total: 'amount',
    /** `qualified`, `ordinary`, `return-of-capital`. */
    kind: 'label',
    createdAt: 'moment',
  }),
  action: fields({
    id: 'id',
    holding: 'id',
    /** `split`, `reverse-split`, `ticker-change`, `spin-off`, `delisting`. */
    kind: 'label',
    effectiveOn: 'date',
    description: 'text',
    /** `2:1` of a split, null otherwise. */
    ratio: 'text',
    newTicker: 'text',
    processed: 'flag',
    processedAt: 'moment',
    createdAt: 'moment',
  }),
  /** A lot that went from one portfolio to another, with its date and cost. */
  transfer: fields({ id: 'id', lot: 'id', fromHolding: 'id', toHolding: 'id', quantity: 'amount', movedOn: 'date' }),
} as const;

/** What a schema calls them. */
export type InvestorNames = Names<typeof INVESTOR_FIELDS>;
