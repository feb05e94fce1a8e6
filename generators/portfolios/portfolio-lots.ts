import type { FundNames } from './fund-fields.ts';

/** What the reference set `portfolio-lots` calls funds and what they have. */
export const PORTFOLIO_LOTS: FundNames = {
  fund: { table: 'funds', columns: { id: 'id', name: 'name', size: 'size', createdAt: 'created_at' } },
  investment: {
    table: 'investments',
    columns: {
      id: 'id',
      fund: 'fund_id',
      company: 'company_name',
      amount: 'amount',
      investedOn: 'investment_date',
      createdAt: 'created_at',
    },
  },
  lot: {
    table: 'investment_lots',
    columns: {
      id: 'id',
      investment: 'investment_id',
      kind: 'lot_type',
      unitPriceCents: 'share_price_cents',
      shares: 'shares_acquired',
      costCents: 'cost_basis_cents',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
    labels: { kind: { initial: 'initial', 'follow-on': 'follow_on', secondary: 'secondary' } },
  },
  snapshot: {
    table: 'forecast_snapshots',
    columns: {
      id: 'id',
      fund: 'fund_id',
      name: 'name',
      status: 'status',
      metrics: 'metrics',
      takenAt: 'snapshot_time',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  reserve: {
    table: 'reserve_allocations',
    columns: {
      id: 'id',
      snapshot: 'snapshot_id',
      investment: 'investment_id',
      plannedCents: 'planned_reserve_cents',
      rationale: 'rationale',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
};
