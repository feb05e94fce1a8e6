/** The model that agrees with the hardened database: as `schema.ts`, with cursor indexes in the order that `ORDER BY … DESC` asks for. */
import { sql } from 'drizzle-orm';
import {
  bigint, check, date, index, integer, jsonb, numeric, pgTable, serial, text, timestamp, uniqueIndex, uuid,
} from 'drizzle-orm/pg-core';

export const funds = pgTable('funds', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  size: numeric('size', { precision: 15, scale: 2 }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});

export const investments = pgTable('investments', {
  id: serial('id').primaryKey(),
  fundId: integer('fund_id').notNull().references(() => funds.id),
  companyName: text('company_name').notNull(),
  amount: numeric('amount', { precision: 15, scale: 2 }).notNull(),
  investmentDate: date('investment_date').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});

export const investmentLots = pgTable(
  'investment_lots',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    investmentId: integer('investment_id').notNull().references(() => investments.id),
    lotType: text('lot_type').notNull(),
    sharePriceCents: bigint('share_price_cents', { mode: 'bigint' }).notNull(),
    sharesAcquired: numeric('shares_acquired', { precision: 18, scale: 8 }).notNull(),
    costBasisCents: bigint('cost_basis_cents', { mode: 'bigint' }).notNull(),
    idempotencyKey: text('idempotency_key'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    version: bigint('version', { mode: 'bigint' }).notNull().default(sql`0`),
  },
  (table) => [
    index('investment_lots_cursor_idx').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    uniqueIndex('investment_lots_investment_idem_key_idx')
      .on(table.investmentId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} IS NOT NULL`),
    check(
      'investment_lots_idem_key_len_check',
      sql`${table.idempotencyKey} IS NULL OR (length(${table.idempotencyKey}) >= 1 AND length(${table.idempotencyKey}) <= 128)`,
    ),
  ],
);

export const forecastSnapshots = pgTable(
  'forecast_snapshots',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    fundId: integer('fund_id').notNull().references(() => funds.id),
    name: text('name').notNull(),
    status: text('status').notNull().default('pending'),
    metrics: jsonb('metrics'),
    snapshotTime: timestamp('snapshot_time', { withTimezone: true }).notNull(),
    idempotencyKey: text('idempotency_key'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    version: bigint('version', { mode: 'bigint' }).notNull().default(sql`0`),
  },
  (table) => [
    index('forecast_snapshots_cursor_idx').on(table.snapshotTime.desc().nullsFirst(), table.id.desc().nullsFirst()),
    uniqueIndex('forecast_snapshots_fund_idem_key_idx')
      .on(table.fundId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} IS NOT NULL`),
    check(
      'forecast_snapshots_idem_key_len_check',
      sql`${table.idempotencyKey} IS NULL OR (length(${table.idempotencyKey}) >= 1 AND length(${table.idempotencyKey}) <= 128)`,
    ),
  ],
);

export const reserveAllocations = pgTable(
  'reserve_allocations',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    snapshotId: uuid('snapshot_id').notNull().references(() => forecastSnapshots.id),
    investmentId: integer('investment_id').notNull().references(() => investments.id),
    plannedReserveCents: bigint('planned_reserve_cents', { mode: 'bigint' }).notNull(),
    rationale: text('rationale'),
    idempotencyKey: text('idempotency_key'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    version: bigint('version', { mode: 'bigint' }).notNull().default(sql`0`),
  },
  (table) => [
    index('reserve_allocations_cursor_idx').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    uniqueIndex('reserve_allocations_snapshot_idem_key_idx')
      .on(table.snapshotId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} IS NOT NULL`),
    check(
      'reserve_allocations_idem_key_len_check',
      sql`${table.idempotencyKey} IS NULL OR (length(${table.idempotencyKey}) >= 1 AND length(${table.idempotencyKey}) <= 128)`,
    ),
  ],
);
