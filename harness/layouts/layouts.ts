import type { Layout } from '../core/layout.ts';
import type { LayoutName } from '../core/migration.ts';
import { dbmate } from './dbmate.ts';
import { diesel } from './diesel.ts';
import { drizzle } from './drizzle.ts';
import { golangMigrate } from './golang-migrate.ts';
import { goose } from './goose.ts';
import { plain } from './plain.ts';
import { prisma } from './prisma.ts';
import { sqlMigrate } from './sql-migrate.ts';

/** Every layout that can be read. */
export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  plain,
  'golang-migrate': golangMigrate,
  diesel,
  prisma,
  goose,
  dbmate,
  drizzle,
  'sql-migrate': sqlMigrate,
};
