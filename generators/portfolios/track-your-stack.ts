import type { InvestorNames } from './investor-fields.ts';

/** What the reference set `track-your-stack` calls an investor's books. */
export const TRACK_YOUR_STACK: InvestorNames = {
  user: { table: 'User', columns: { id: 'id', email: 'email', name: 'name' } },
  portfolio: {
    table: 'Portfolio',
    columns: {
      id: 'id',
      user: 'userId',
      name: 'name',
      currency: 'baseCurrency',
      createdAt: 'createdAt',
      updatedAt: 'updatedAt',
    },
  },
  holding: {
    table: 'Investment',
    columns: {
      id: 'id',
      portfolio: 'portfolioId',
      ticker: 'ticker',
      name: 'name',
      kind: 'assetType',
      currency: 'purchaseCurrency',
      quantity: 'totalQuantity',
      averageCost: 'averageCostBasis',
      price: 'currentPrice',
      pricedAt: 'priceUpdatedAt',
      createdAt: 'createdAt',
      updatedAt: 'updatedAt',
    },
    labels: { kind: { stock: 'STOCK', fund: 'ETF', crypto: 'CRYPTO', 'mutual-fund': 'MUTUAL_FUND' } },
  },
  lot: {
    table: 'TaxLot',
    columns: {
      id: 'id',
      holding: 'investmentId',
      acquiredOn: 'purchaseDate',
      quantity: 'quantity',
      unitCost: 'costBasisPerUnit',
      fees: 'fees',
      remaining: 'remainingQuantity',
      status: 'status',
      createdAt: 'createdAt',
      updatedAt: 'updatedAt',
    },
    labels: { status: { open: 'OPEN', partial: 'PARTIALLY_CLOSED', closed: 'CLOSED' } },
  },
  sale: {
    table: 'SaleTransaction',
    columns: {
      id: 'id',
      holding: 'investmentId',
      soldOn: 'saleDate',
      quantity: 'quantity',
      unitPrice: 'salePricePerUnit',
      fees: 'fees',
      createdAt: 'createdAt',
    },
  },
  allocation: {
    table: 'TaxLotAllocation',
    columns: { id: 'id', sale: 'saleId', lot: 'taxLotId', quantity: 'quantityAllocated' },
  },
  dividend: {
    table: 'Dividend',
    columns: {
      id: 'id',
      holding: 'investmentId',
      exOn: 'exDate',
      paidOn: 'paymentDate',
      perShare: 'amountPerShare',
      total: 'totalAmount',
      kind: 'dividendType',
      createdAt: 'createdAt',
    },
    labels: {
      kind: { ordinary: 'ORDINARY', qualified: 'QUALIFIED', 'return-of-capital': 'RETURN_OF_CAPITAL' },
    },
  },
  action: {
    table: 'CorporateAction',
    columns: {
      id: 'id',
      holding: 'investmentId',
      kind: 'actionType',
      effectiveOn: 'effectiveDate',
      description: 'description',
      ratio: 'splitRatio',
      newTicker: 'newTicker',
      processed: 'processed',
      processedAt: 'processedAt',
      createdAt: 'createdAt',
    },
    labels: {
      kind: {
        split: 'STOCK_SPLIT',
        'reverse-split': 'REVERSE_SPLIT',
        'ticker-change': 'TICKER_CHANGE',
        'spin-off': 'SPIN_OFF',
        delisting: 'DELISTING',
      },
    },
  },
};
