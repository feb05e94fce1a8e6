/** Trading accounts with what they traded, hold and ordered, their days, and the rules that stopped them. */
import type { FieldKind } from './entities.ts';
import type { Names } from './mapping.ts';

const fields = <Shape extends Readonly<Record<string, FieldKind>>>(shape: Shape): Shape => shape;

/** Entities and fields. An account is a number in them; a table of accounts needs none. */
export const ACCOUNT_FIELDS = {
  account: fields({ id: 'id', name: 'text' }),
  contract: fields({
    id: 'text',
    symbol: 'text',
    name: 'text',
    tickSize: 'amount',
    tickValue: 'amount',
    cachedAt: 'moment',
  }),
  /** `side` is 0 for bought and 1 for sold. */
  trade: fields({
    id: 'id',
    account: 'id',
    contract: 'text',
    side: 'count',
    quantity: 'count',
    price: 'amount',
    realized: 'amount',
    tradedAt: 'moment',
  }),
  /** The sum of what an account's trades of a day realized, and their number. */
  day: fields({ account: 'id', on: 'date', realized: 'amount', trades: 'count', updatedAt: 'moment' }),
  /** What an account's trades of a contract leave: nothing is no position. */
  position: fields({
    id: 'id',
    account: 'id',
    contract: 'text',
    side: 'count',
    quantity: 'count',
    averagePrice: 'amount',
    openedAt: 'moment',
    updatedAt: 'moment',
  }),
  order: fields({
    id: 'id',
    account: 'id',
    contract: 'text',
    kind: 'count',
    side: 'count',
    quantity: 'count',
    limit: 'amount',
    stop: 'amount',
    state: 'count',
    createdAt: 'moment',
    updatedAt: 'moment',
  }),
  enforcement: fields({
    id: 'id',
    at: 'moment',
    account: 'id',
    rule: 'text',
    action: 'text',
    reason: 'text',
    success: 'flag',
  }),
  lockout: fields({ account: 'id', rule: 'text', reason: 'text', lockedAt: 'moment', lockedUntil: 'moment' }),
} as const;

/** What a schema calls them. */
export type AccountNames = Names<typeof ACCOUNT_FIELDS>;
