/**
 * The same page of `readings (id bigint, taken_at timestamptz)` asked through the drivers and mappers that applications use, each as most
 * people write it and as it keeps microseconds.
 */
import Sqlite from 'better-sqlite3';
import { desc, sql as drizzleSql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { bigint, pgTable, timestamp } from 'drizzle-orm/pg-core';
import knexFactory from 'knex';
import { Kysely, PostgresDialect, sql as kyselySql } from 'kysely';
import pg from 'pg';
import postgres from 'postgres';
import type { ModuleItem, ModulePage, OpenPager } from '../../harness/core/pager.ts';

export interface DriverCase {
  readonly name: string;
  readonly open: OpenPager;
  /** Whether its cursor keeps the microseconds of a timestamp. */
  readonly isExact: boolean;
}

/** What a service sends to its client: JSON in base64url. */
function pageOf(items: readonly ModuleItem[], limit: number, [time, id]: readonly [string, string]): ModulePage {
  const last = items.at(-1);
  if (last === undefined || items.length < limit) return { items, cursor: null };
  const cursor = Buffer.from(JSON.stringify([last[time], String(last[id])])).toString('base64url');
  return { items, cursor };
}

function readCursor(cursor: string): readonly [string, string] {
  return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
}

const FIRST = 'SELECT id, taken_at FROM readings ORDER BY taken_at DESC, id DESC LIMIT $1';
const NEXT =
  'SELECT id, taken_at FROM readings WHERE (taken_at, id) < ($1, $2) ORDER BY taken_at DESC, id DESC LIMIT $3';
const PROPERTY = ['taken_at', 'id'] as const;

function withPg(types: pg.CustomTypesConfig | undefined): OpenPager {
  return async ({ url }, limit) => {
    const client = new pg.Client({ connectionString: url, types });
    await client.connect();
    return {
      async next(cursor) {
        const { rows } = await (cursor === null
          ? client.query<ModuleItem>(FIRST, [limit])
          : client.query<ModuleItem>(NEXT, [...readCursor(cursor), limit]));
        return pageOf(rows, limit, PROPERTY);
      },
      close: () => client.end(),
    };
  };
}

function withPostgresJs(types: Record<string, postgres.PostgresType>): OpenPager {
  return async ({ url }, limit) => {
    const sql = postgres(url, { max: 1, types });
    return {
      async next(cursor) {
        const [at, id] = cursor === null ? [] : readCursor(cursor);
        const rows = await sql<ModuleItem[]>`SELECT id, taken_at FROM readings
          ${at === undefined || id === undefined ? sql`` : sql`WHERE (taken_at, id) < (${at}::text::timestamptz, ${id}::text::bigint)`}
          ORDER BY taken_at DESC, id DESC LIMIT ${limit}`;
        return pageOf([...rows], limit, PROPERTY);
      },
      close: () => sql.end(),
    };
  };
}

interface KyselySchema {
  readonly readings: { readonly id: string; readonly taken_at: Date };
}

function withKysely(isExact: boolean): OpenPager {
  return async ({ url }, limit) => {
    const db = new Kysely<KyselySchema>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
    });
    const time = isExact ? kyselySql<string>`taken_at::text` : kyselySql<Date>`taken_at`;
    return {
      async next(cursor) {
        let query = db
          .selectFrom('readings')
          .select(['id', kyselySql<Date | string>`${time}`.as('taken_at')])
          .orderBy('readings.taken_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit);
        if (cursor !== null) {
          const [at, id] = readCursor(cursor);
          query = query.where(kyselySql<boolean>`(readings.taken_at, id) < (${at}::timestamptz, ${id}::bigint)`);
        }
        return pageOf(await query.execute(), limit, PROPERTY);
      },
      close: () => db.destroy(),
    };
  };
}

function withDrizzle(mode: 'date' | 'string'): OpenPager {
  const readings = pgTable('readings', {
    id: bigint('id', { mode: 'bigint' }).primaryKey(),
    takenAt: timestamp('taken_at', { withTimezone: true, mode }).notNull(),
  });
  return async ({ url }, limit) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const db = drizzle(client);
    return {
      async next(cursor) {
        const [at, id] = cursor === null ? [] : readCursor(cursor);
        const rows = await db
          .select()
          .from(readings)
          .where(
            at === undefined
              ? undefined
              : drizzleSql`(${readings.takenAt}, ${readings.id}) < (${at}::timestamptz, ${id}::bigint)`,
          )
          .orderBy(desc(readings.takenAt), desc(readings.id))
          .limit(limit);
        return pageOf(rows, limit, ['takenAt', 'id']);
      },
      close: () => client.end(),
    };
  };
}

function withKnex(isExact: boolean): OpenPager {
  return async ({ url }, limit) => {
    const db = knexFactory({ client: 'pg', connection: url, pool: { min: 0, max: 1 } });
    return {
      async next(cursor) {
        const query = db('readings')
          .select('id', isExact ? db.raw('taken_at::text AS taken_at') : 'taken_at')
          .orderBy('readings.taken_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit);
        if (cursor !== null) void query.whereRaw('(readings.taken_at, id) < (?, ?)', [...readCursor(cursor)]);
        return pageOf((await query) as readonly ModuleItem[], limit, PROPERTY);
      },
      close: () => db.destroy(),
    };
  };
}

const AS_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };
const TIMESTAMPTZ = 1184;
const TEXT_TIMES: Record<string, postgres.PostgresType> = {
  time: { to: TIMESTAMPTZ, from: [TIMESTAMPTZ], serialize: String, parse: (value: string) => value },
};

export const POSTGRES_DRIVERS: readonly DriverCase[] = [
  { name: 'pg', open: withPg(undefined), isExact: false },
  { name: 'pg with text parsers', open: withPg(AS_TEXT), isExact: true },
  { name: 'postgres.js', open: withPostgresJs({}), isExact: false },
  { name: 'postgres.js with timestamps as text', open: withPostgresJs(TEXT_TIMES), isExact: true },
  { name: 'Kysely', open: withKysely(false), isExact: false },
  { name: 'Kysely with a cast to text', open: withKysely(true), isExact: true },
  { name: 'Drizzle with mode date', open: withDrizzle('date'), isExact: false },
  { name: 'Drizzle with mode string', open: withDrizzle('string'), isExact: true },
  { name: 'Knex', open: withKnex(false), isExact: false },
  { name: 'Knex with a cast to text', open: withKnex(true), isExact: true },
];

/** `readings (id integer, taken_at text)` in a SQLite file. */
export const openBetterSqlite: OpenPager = ({ url }, limit) => {
  const db = new Sqlite(url, { readonly: true });
  const first = db.prepare('SELECT id, taken_at FROM readings ORDER BY taken_at DESC, id DESC LIMIT ?');
  const next = db.prepare(
    'SELECT id, taken_at FROM readings WHERE (taken_at, id) < (?, ?) ORDER BY taken_at DESC, id DESC LIMIT ?',
  );
  return {
    async next(cursor) {
      const rows = cursor === null ? first.all(limit) : next.all(...readCursor(cursor), limit);
      return pageOf(rows as readonly ModuleItem[], limit, PROPERTY);
    },
    async close() {
      db.close();
    },
  };
};
