/** From an investor's books to entities: one row for everything, ids from 1, sums worked out exactly. */
import { moneyText, quantityText, sum, type Units, weightedMean } from './amounts.ts';
import { type Entities, type EntityRow, idsOf } from './entities.ts';
import {
  type HoldingDraft,
  type InvestorDraft,
  oddNumbers,
  settleLots,
  type SettledLot,
  withinTime,
} from './investor-state.ts';
import { dateText, momentText } from './moments.ts';

type Entity = 'user' | 'portfolio' | 'holding' | 'lot' | 'sale' | 'allocation' | 'dividend' | 'action' | 'transfer';

/** Hands out ids and collects rows. */
class Ledger {
  readonly rows: Record<Entity, EntityRow[]> = {
    user: [], portfolio: [], holding: [], lot: [], sale: [], allocation: [], dividend: [], action: [], transfer: [],
  }; // prettier-ignore
  readonly #ids = new Map<Entity, () => string>();

  /** Adds a row and returns its id. */
  add(entity: Entity, row: EntityRow): string {
    const next = this.#ids.get(entity) ?? idsOf(entity);
    this.#ids.set(entity, next);
    const id = next();
    this.rows[entity].push({ id, ...row });
    return id;
  }

  /** Replaces cells of a row. */
  change(entity: Entity, id: string, cells: EntityRow): void {
    this.rows[entity] = this.rows[entity].map((row) => (row['id'] === id ? { ...row, ...cells } : row));
  }
}

/** Options of `entitiesOf`. */
export interface BookOptions {
  /** Short positions and NaN, where the schema admits them. */
  readonly allowsOddities: boolean;
}

/** Everything that the investors have. */
export function entitiesOf(drafts: readonly InvestorDraft[], options: BookOptions): Entities {
  const ledger = new Ledger();
  for (const draft of drafts) addInvestor(ledger, draft, options);
  return ledger.rows;
}

function addInvestor(ledger: Ledger, { person, portfolios, transfers }: InvestorDraft, options: BookOptions): void {
  const ordinal = ledger.rows.user.length;
  const user = ledger.add('user', { email: `${person.mailbox}.${ordinal}@example.com`, name: person.name });
  const moved = new Map(transfers.map(({ which, where, after }) => [which, { where, after }]));
  const books = portfolios.map((portfolio) => ({
    id: ledger.add('portfolio', {
      user,
      name: portfolio.name,
      currency: portfolio.currency,
      createdAt: momentText(portfolio.createdAt),
      updatedAt: momentText(portfolio.createdAt),
    }),
    holdings: portfolio.holdings.map((holding) =>
      options.allowsOddities || holding.oddity === 'none' ? holding : { ...holding, oddity: 'none' as const },
    ),
  }));
  let counted = 0n;
  for (const book of books) {
    for (const holding of book.holdings) {
      const settled = settleLots(holding);
      const home = addHolding(ledger, book.id, holding, settled);
      const stays = settled.map((lot) => {
        const transfer = moved.get(counted++);
        const target = transfer === undefined ? undefined : books[transfer.where === 0n ? 0 : 1];
        return {
          lot,
          transfer:
            target === undefined || target === book || lot.taken.some((part) => part > 0n)
              ? null
              : { target, after: transfer?.after ?? 0n },
        };
      });
      // A holding keeps a lot, so that its history stays.
      const keepsOne = stays.some(({ transfer }) => transfer === null);
      const kept = stays.filter(({ transfer }) => transfer === null || !keepsOne).map(({ lot }) => lot);
      addLots(ledger, home, holding, kept);
      for (const { lot, transfer } of stays) {
        if (transfer === null || !keepsOne) continue;
        const away = addHolding(ledger, transfer.target.id, { ...holding, dividends: [], actions: [] }, [lot]);
        const [moving] = addLots(ledger, away, { ...holding, sales: [] }, [lot]);
        ledger.add('transfer', {
          lot: moving ?? null,
          fromHolding: home,
          toHolding: away,
          quantity: quantityText(lot.remaining),
          movedOn: dateText(withinTime(lot.draft.day + transfer.after)),
        });
      }
      total(ledger, home, holding, kept);
    }
  }
}

function addHolding(ledger: Ledger, portfolio: string, draft: HoldingDraft, settled: readonly SettledLot[]): string {
  const { security, currency, createdAt, updatedAfter, dividends, actions } = draft;
  const odd = oddNumbers(draft);
  const holding = ledger.add('holding', {
    portfolio,
    ...security,
    currency,
    quantity: '0',
    averageCost: '0',
    price: odd.price === null ? null : quantityText(odd.price),
    pricedAt: odd.price === null ? null : momentText(createdAt + updatedAfter),
    createdAt: momentText(createdAt),
    updatedAt: momentText(createdAt + updatedAfter),
  });
  total(ledger, holding, draft, settled);
  const held = sum(settled.map(({ remaining }) => remaining));
  for (const { exDay, paidAfter, perShare, kind, createdAt: enteredAt } of dividends) {
    ledger.add('dividend', {
      holding,
      exOn: dateText(exDay),
      paidOn: dateText(exDay + paidAfter),
      perShare: quantityText(perShare),
      total: moneyText(paidOut(held, perShare)),
      kind,
      createdAt: momentText(enteredAt),
    });
  }
  for (const { kind, day, description, ratio, newTicker, processed, createdAt: enteredAt } of actions) {
    const [more, per] = ratio;
    ledger.add('action', {
      holding,
      kind,
      effectiveOn: dateText(day),
      description,
      ratio: kind === 'split' ? `${more}:${per}` : kind === 'reverse-split' ? `${per}:${more}` : null,
      newTicker: kind === 'ticker-change' ? newTicker : null,
      processed,
      processedAt: processed ? momentText(enteredAt) : null,
      createdAt: momentText(enteredAt),
    });
  }
  return holding;
}

/** Cents, cut off, and no more than `numeric(20,2)` holds. */
function paidOut(held: Units, perShare: bigint): bigint {
  const cents = held === 'NaN' || held < 0n ? 0n : (held * perShare) / 10n ** 14n;
  const most = 10n ** 20n - 1n;
  return cents > most ? most : cents;
}

/** What a holding's own numbers are, given its lots. */
function total(ledger: Ledger, holding: string, draft: HoldingDraft, settled: readonly SettledLot[]): void {
  const held = draft.oddity === 'no-quantity' ? 'NaN' : sum(settled.map(({ remaining }) => remaining));
  const cost = oddNumbers(draft).cost ?? meanCost(settled);
  ledger.change('holding', holding, { quantity: quantityText(held), averageCost: quantityText(cost) });
}

/** Of what is held, or, where nothing is, of what was bought last. */
function meanCost(settled: readonly SettledLot[]): bigint {
  const held = settled.map(({ remaining, unitCost }) => ({
    quantity: remaining < 0n ? -remaining : remaining,
    price: unitCost,
  }));
  return weightedMean(held) ?? settled.at(-1)?.unitCost ?? 0n;
}

/** Adds lots, the sales that took from them, and what they took. Returns the lots' ids. */
function addLots(ledger: Ledger, holding: string, draft: HoldingDraft, settled: readonly SettledLot[]): string[] {
  const ids = settled.map(({ draft: lot, quantity, unitCost, remaining }) =>
    ledger.add('lot', {
      holding,
      acquiredOn: dateText(lot.day),
      quantity: quantityText(draft.oddity === 'no-quantity' ? 'NaN' : quantity),
      unitCost: quantityText(unitCost),
      fees: moneyText(lot.fees),
      remaining: quantityText(draft.oddity === 'no-quantity' ? 'NaN' : remaining),
      status:
        remaining === 0n && draft.oddity !== 'no-quantity' ? 'closed' : remaining === quantity ? 'open' : 'partial',
      createdAt: momentText(lot.createdAt),
      updatedAt: momentText(lot.createdAt),
    }),
  );
  draft.sales.forEach((sale, at) => {
    const parts = settled.flatMap(({ taken, draft: lot }, place) => {
      const part = taken[at] ?? 0n;
      return part > 0n ? [{ lot: ids[place] ?? '', part, day: lot.day }] : [];
    });
    if (parts.length === 0) return;
    const bought = parts.reduce((latest, { day }) => (day > latest ? day : latest), 0n);
    const id = ledger.add('sale', {
      holding,
      soldOn: dateText(withinTime(bought + sale.after)),
      quantity: quantityText(sum(parts.map(({ part }) => part))),
      unitPrice: quantityText(sale.unitPrice),
      fees: moneyText(sale.fees),
      createdAt: momentText(sale.createdAt),
    });
    for (const { lot, part } of parts) ledger.add('allocation', { sale: id, lot, quantity: quantityText(part) });
  });
  return ids;
}
