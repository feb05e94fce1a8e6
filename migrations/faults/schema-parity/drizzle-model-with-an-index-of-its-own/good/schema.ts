import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const snapshots = pgTable(
  'snapshots',
  {
    id: integer().primaryKey(),
    version: bigint({ mode: 'bigint' }).notNull().default(sql`0`),
    takenAt: timestamp('taken_at', { withTimezone: true }).notNull(),
    note: text(),
  },
  (table) => [index('snapshots_cursor_idx').on(table.takenAt.desc().nullsFirst(), table.id.desc().nullsFirst())],
);
