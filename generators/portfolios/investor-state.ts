/** One investor's books: how drawn choices become rows that agree with each other. */
import * as fc from 'fast-check';
import { MOST, ONE, type Units } from './amounts.ts';
import { FIRST_DAY, LAST_DAY } from './moments.ts';
import { currencies, days, fees, moments, people, prices, quantities, remarks, securities, shares } from './pieces.ts';

/** What was drawn for a lot: of what is left of it, each sale in turn takes `taken` thousandths. */
interface LotDraft {
  readonly day: bigint;
  readonly quantity: bigint;
  readonly unitCost: bigint;
  readonly fees: bigint;
  readonly taken: readonly bigint[];
  readonly createdAt: bigint;
}

interface SaleDraft {
  /** Days after the last of its lots was bought. */
  readonly after: bigint;
  readonly unitPrice: bigint;
  readonly fees: bigint;
  readonly createdAt: bigint;
}

interface DividendDraft {
  readonly exDay: bigint;
  readonly paidAfter: bigint;
  readonly perShare: bigint;
  readonly kind: string;
  readonly createdAt: bigint;
}

interface ActionDraft {
  readonly kind: string;
  readonly day: bigint;
  readonly description: string;
  readonly ratio: readonly [bigint, bigint];
  readonly newTicker: string;
  readonly processed: boolean;
  readonly createdAt: bigint;
}

export interface HoldingDraft {
  readonly security: { readonly ticker: string; readonly name: string; readonly kind: string };
  readonly currency: string;
  readonly lots: readonly LotDraft[];
  readonly sales: readonly SaleDraft[];
  readonly dividends: readonly DividendDraft[];
  readonly actions: readonly ActionDraft[];
  readonly price: bigint | null;
  readonly createdAt: bigint;
  readonly updatedAfter: bigint;
  /** What the schema admits and no investor wants, where it is admitted at all: a short position, or no number. */
  readonly oddity: 'none' | 'short' | 'no-quantity' | 'no-cost' | 'no-price' | 'owed-price';
}

export interface InvestorDraft {
  readonly person: { readonly name: string | null; readonly mailbox: string };
  readonly portfolios: readonly {
    readonly name: string;
    readonly currency: string;
    readonly createdAt: bigint;
    readonly holdings: readonly HoldingDraft[];
  }[];
  /** The lot at `which` (counted over all lots, around) goes to the portfolio at `where`, if no sale has taken from it. */
  readonly transfers: readonly { readonly which: bigint; readonly where: bigint; readonly after: bigint }[];
}

const lots: fc.Arbitrary<LotDraft> = fc.record({
  day: days(),
  // Four lots of a holding stay within what one numeric(20,8) holds.
  quantity: quantities(MOST / 4n),
  unitCost: prices(),
  fees: fees(),
  taken: fc.array(shares(), { maxLength: 3 }),
  createdAt: moments(),
});

const sales: fc.Arbitrary<SaleDraft> = fc.record({
  after: fc.bigInt({ min: 0n, max: 400n }),
  unitPrice: prices(),
  fees: fees(),
  createdAt: moments(),
});

const dividends: fc.Arbitrary<DividendDraft> = fc.record({
  exDay: days(),
  paidAfter: fc.bigInt({ min: 0n, max: 45n }),
  perShare: fc.bigInt({ min: 1n, max: 5n * ONE }),
  kind: fc.constantFrom('ordinary', 'qualified', 'return-of-capital'),
  createdAt: moments(),
});

const actions: fc.Arbitrary<ActionDraft> = fc.record({
  kind: fc.constantFrom('split', 'reverse-split', 'ticker-change', 'spin-off', 'delisting'),
  day: days(),
  description: remarks(),
  ratio: fc.constantFrom<readonly [bigint, bigint]>([2n, 1n], [3n, 2n], [10n, 1n], [3n, 1n]),
  newTicker: securities().map(({ ticker }) => ticker),
  processed: fc.boolean(),
  createdAt: moments(),
});

const oddities = fc.oneof(
  { weight: 7, arbitrary: fc.constant('none' as const) },
  { weight: 1, arbitrary: fc.constantFrom('short', 'no-quantity', 'no-cost', 'no-price', 'owed-price') },
);

const holdings: fc.Arbitrary<HoldingDraft> = fc.record({
  security: securities(),
  currency: currencies(),
  lots: fc.array(lots, { minLength: 1, maxLength: 4 }),
  sales: fc.array(sales, { maxLength: 3 }),
  dividends: fc.array(dividends, { maxLength: 2 }),
  actions: fc.array(actions, { maxLength: 2 }),
  price: fc.option(prices()),
  createdAt: moments(),
  updatedAfter: fc.bigInt({ min: 0n, max: 90_000_000_000n }),
  oddity: oddities,
});

/** One investor with up to two portfolios of up to three holdings each. */
export function investors(): fc.Arbitrary<InvestorDraft> {
  return fc.record({
    person: people(),
    portfolios: fc.array(
      fc.record({
        name: fc.constantFrom('Retirement', 'Taxable', 'Kids', 'Crypto'),
        currency: currencies(),
        createdAt: moments(),
        holdings: fc.array(holdings, { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    transfers: fc.array(
      fc.record({
        which: fc.bigInt({ min: 0n, max: 11n }),
        where: fc.bigInt({ min: 0n, max: 1n }),
        after: fc.bigInt({ min: 0n, max: 400n }),
      }),
      { maxLength: 1 },
    ),
  });
}

/** A lot with what its sales took, after splits. */
export interface SettledLot {
  readonly draft: LotDraft;
  readonly quantity: bigint;
  readonly unitCost: bigint;
  /** By the sale's place. */
  readonly taken: readonly bigint[];
  readonly remaining: bigint;
}

/** Splits that were processed multiply what was bought before them; then each sale takes its part of what is left. */
export function settleLots({
  lots: drafts,
  sales: sold,
  actions: happened,
  oddity,
}: HoldingDraft): readonly SettledLot[] {
  return drafts.map((draft) => {
    let { quantity, unitCost } = draft;
    for (const { kind, processed, day, ratio } of happened) {
      const [more, per] = kind === 'split' ? ratio : [ratio[1], ratio[0]];
      if (!processed || day <= draft.day || (kind !== 'split' && kind !== 'reverse-split')) continue;
      // Fractions of a share that a split would leave beyond the eighth place are paid out.
      const split = (quantity * more) / per;
      if (split > MOST / 4n) continue;
      quantity = split;
      unitCost = (unitCost * per) / more;
    }
    if (oddity === 'short') return { draft, quantity: -quantity, unitCost, taken: [], remaining: -quantity };
    // Nothing can be sold of no number.
    if (oddity === 'no-quantity') return { draft, quantity, unitCost, taken: [], remaining: quantity };
    let remaining = quantity;
    const taken = sold.map((_sale, at) => {
      const part = (remaining * (draft.taken[at] ?? 0n)) / 1000n;
      remaining -= part;
      return part;
    });
    return { draft, quantity, unitCost, taken, remaining };
  });
}

/** The day, or the last on which anything happens. */
export function withinTime(day: bigint): bigint {
  return day > LAST_DAY ? LAST_DAY : day < FIRST_DAY ? FIRST_DAY : day;
}

/** Whether the oddity is one of the holding's own numbers, and which. */
export function oddNumbers({ oddity, price }: HoldingDraft): {
  readonly cost: Units | null;
  readonly price: Units | null;
} {
  return {
    cost: oddity === 'no-cost' ? 'NaN' : null,
    price: oddity === 'no-price' ? 'NaN' : oddity === 'owed-price' ? -(price ?? 1n) : price,
  };
}
