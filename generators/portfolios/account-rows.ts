/** Trading accounts: how drawn choices become rows, and what follows from trades. */
import * as fc from 'fast-check';
import { quantityText, sum, type Units, unitsOf } from './amounts.ts';
import { type Entities, type EntityRow, idsOf } from './entities.ts';
import { momentText } from './moments.ts';
import { moments, people, remarks } from './pieces.ts';

/** Units of a tick of 0.25 and of 0.00005. */
const TICKS = [25_000_000n, 5_000n] as const;
const CONTRACTS = ['CON.F.US.ENQ.Z25', 'CON.F.US.EP.H26', 'CON.F.US.CLE.F26'] as const;
const RULES = ['MaxContracts', 'DailyRealizedLoss', 'TradeFrequencyLimit'] as const;

const contractIds = fc.constantFrom(...CONTRACTS);
const sides = fc.constantFrom('0', '1');
const counts = fc.bigInt({ min: 1n, max: 50n });
/** Prices lie on a grid, as an exchange quotes them. */
const ticks = fc
  .tuple(fc.constantFrom(...TICKS), fc.bigInt({ min: 1n, max: 80_000n }))
  .map(([tick, count]) => tick * count);

const accounts = fc.record({
  owner: people(),
  trades: fc.array(
    fc.record({
      contract: contractIds,
      side: sides,
      quantity: counts,
      price: ticks,
      realized: fc.option(fc.bigInt({ min: -500_000_00n, max: 500_000_00n })),
      tradedAt: moments(),
    }),
    { maxLength: 5 },
  ),
  orders: fc.array(
    fc.record({
      contract: contractIds,
      kind: fc.constantFrom('1', '2', '4'),
      side: sides,
      quantity: counts,
      limit: fc.option(ticks),
      stop: fc.option(ticks),
      state: fc.constantFrom('1', '2', '3', '5'),
      createdAt: moments(),
      after: fc.bigInt({ min: 0n, max: 86_400_000_000n }),
    }),
    { maxLength: 3 },
  ),
  stops: fc.array(
    fc.record({
      rule: fc.constantFrom(...RULES),
      action: fc.constantFrom('CLOSE_ALL_POSITIONS', 'CANCEL_ALL_ORDERS', 'LOCKOUT'),
      reason: fc.option(remarks()),
      success: fc.boolean(),
      at: moments(),
    }),
    { maxLength: 3 },
  ),
  lockedFor: fc.option(fc.option(fc.bigInt({ min: 1n, max: 604_800_000_000n }))),
});

type AccountDraft = typeof accounts extends fc.Arbitrary<infer Draft> ? Draft : never;

/** Up to three accounts. */
export function tradingAccounts(): fc.Arbitrary<readonly AccountDraft[]> {
  return fc.array(accounts, { minLength: 1, maxLength: 3 });
}

/** Rows of the accounts: contracts, trades, orders, enforcements and lockouts. Days and positions follow from them. */
export function accountEntities(drafts: readonly AccountDraft[]): Entities {
  const next = {
    account: idsOf('account'),
    trade: idsOf('trade'),
    order: idsOf('order'),
    enforcement: idsOf('enforcement'),
  };
  const rows = {
    account: [] as EntityRow[],
    trade: [] as EntityRow[],
    order: [] as EntityRow[],
    enforcement: [] as EntityRow[],
    lockout: [] as EntityRow[],
  };
  for (const { owner, trades, orders, stops, lockedFor } of drafts) {
    const account = next.account();
    rows.account.push({ id: account, name: owner.name ?? owner.mailbox });
    for (const { contract, side, quantity, price, realized, tradedAt } of trades) {
      rows.trade.push({
        id: next.trade(),
        account,
        contract,
        side,
        quantity: quantity.toString(),
        price: quantityText(price),
        realized: realized === null ? null : quantityText(realized * 1_000_000n),
        tradedAt: momentText(tradedAt),
      });
    }
    for (const { quantity, limit, stop, createdAt, after, ...order } of orders) {
      rows.order.push({
        id: next.order(),
        account,
        ...order,
        quantity: quantity.toString(),
        limit: limit === null ? null : quantityText(limit),
        stop: stop === null ? null : quantityText(stop),
        createdAt: momentText(createdAt),
        updatedAt: momentText(createdAt + after),
      });
    }
    for (const { at, ...stop } of stops)
      rows.enforcement.push({ id: next.enforcement(), account, at: momentText(at), ...stop });
    const [last] = stops;
    if (lockedFor === null || last === undefined) continue;
    rows.lockout.push({
      account,
      rule: last.rule,
      reason: last.reason ?? last.action,
      lockedAt: momentText(last.at),
      lockedUntil: lockedFor === null ? null : momentText(last.at + lockedFor),
    });
  }
  const contract = CONTRACTS.map((id) => ({
    id,
    symbol: id.replace(/^CON\.F\.US\./, ''),
    name: null,
    tickSize: quantityText(TICKS[0]),
    tickValue: quantityText(500_000_000n),
    cachedAt: momentText(drafts[0]?.trades[0]?.tradedAt ?? 978_307_200_000_000n),
  }));
  return { ...rows, contract };
}

/** Days and positions as the trades have them, made anew: they have nothing of their own. What agrees already stays as it is. */
export function settleAccounts(entities: Entities): Entities {
  const { trade, day, position } = entities;
  if (trade === undefined) return entities;
  return {
    ...entities,
    day: daysOf(trade).map((row) => keepOld(row, day, ['account', 'on'])),
    position: positionsOf(trade).map((row) => keepOld(row, position, ['account', 'contract'])),
  };
}

function daysOf(trades: readonly EntityRow[]): EntityRow[] {
  return [...groupBy(trades, ({ account, tradedAt }) => [account, textOf(tradedAt).slice(0, 10)])].map(([, own]) => ({
    account: own[0]?.['account'] ?? null,
    on: textOf(own[0]?.['tradedAt']).slice(0, 10),
    realized: quantityText(sum(own.map(({ realized }) => (realized === null ? 0n : unitsOf(realized))))),
    trades: own.reduce((total) => total + 1n, 0n).toString(),
    updatedAt: lastOf(own),
  }));
}

function positionsOf(trades: readonly EntityRow[]): EntityRow[] {
  const next = idsOf('position');
  return [...groupBy(trades, ({ account, contract }) => [account, contract])].flatMap(([, own]): EntityRow[] => {
    const net = sum(own.map(({ side, quantity }) => signed(side, unitsOf(quantity))));
    const [first] = own;
    const id = next();
    if (net === 0n || net === 'NaN' || first === undefined) return [];
    return [
      {
        id,
        account: first['account'] ?? null,
        contract: first['contract'] ?? null,
        side: net > 0n ? '0' : '1',
        quantity: ((net > 0n ? net : -net) / 100_000_000n).toString(),
        averagePrice: first['price'] ?? null,
        openedAt: first['tradedAt'] ?? null,
        updatedAt: lastOf(own),
      },
    ];
  });
}

function signed(side: EntityRow[string] | undefined, units: Units): Units {
  return side === '0' || units === 'NaN' ? units : -units;
}

function groupBy(
  rows: readonly EntityRow[],
  key: (row: EntityRow) => readonly unknown[],
): ReadonlyMap<string, readonly EntityRow[]> {
  const groups = new Map<string, EntityRow[]>();
  for (const row of rows) {
    const group = JSON.stringify(key(row));
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return groups;
}

function lastOf(rows: readonly EntityRow[]): string {
  return rows.map(({ tradedAt }) => textOf(tradedAt)).reduce((last, text) => (text > last ? text : last), '');
}

function textOf(value: EntityRow[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The row as it was where it says the same: its id, and how it was written. */
function keepOld(row: EntityRow, olds: readonly EntityRow[] | undefined, keys: readonly string[]): EntityRow {
  const old = olds?.find((candidate) => keys.every((key) => candidate[key] === row[key]));
  if (old === undefined) return row;
  return Object.fromEntries(
    [
      ...Object.entries(row),
      ...Object.getOwnPropertySymbols(old).map((symbol) => [symbol, Reflect.get(old, symbol)] as const),
    ].map(([field, value]) => {
      const before = typeof field === 'string' ? old[field] : undefined;
      const isSame =
        field === 'id' ||
        (typeof before === 'string' &&
          typeof value === 'string' &&
          unitsOf(before) !== 'NaN' &&
          unitsOf(before) === unitsOf(value));
      return [field, isSame && before !== undefined ? before : value];
    }),
  );
}
