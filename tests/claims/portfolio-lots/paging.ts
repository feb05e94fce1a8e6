/** "Stable pagination under concurrent writes, no duplicates/skips": `(timestamp, id) < (…)`, newest first. */
import { desc, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import { investmentLots } from '../../../migrations/reference/portfolio-lots/shared/schema.ts';
import type { ClaimOutcome, Lab } from '../claim.ts';
import type { Session } from './database.ts';
import { buildBaseline, openSession, runFiles } from './database.ts';

const PAGE = 'SELECT id, created_at FROM investment_lots';
const ORDER = 'ORDER BY created_at DESC, id DESC LIMIT 1';

/** Lots that were created within one millisecond, newest last. */
const TIMES = ['09:30:00.123100', '09:30:00.123500', '09:30:00.123900'];

/** The ids that a scan shows. */
type Scan = readonly string[];

/** Pages of one row with the cursor as the database's own text. */
async function scanExactly(session: Session, meanwhile: () => Promise<void> = async () => undefined): Promise<Scan> {
  const shown: string[] = [];
  let [row] = await session.ask(`${PAGE} ${ORDER}`);
  while (row !== undefined && shown.length < 20) {
    shown.push(row['id'] ?? '');
    if (shown.length === 1) await meanwhile();
    const cursor = [row['created_at'] ?? '', row['id'] ?? ''];
    [row] = await session.ask(`${PAGE} WHERE (created_at, id) < ($1, $2) ${ORDER}`, cursor);
  }
  return shown;
}

/** The same pages through the document's Drizzle model, whose times are JavaScript Dates. */
async function scanThroughModel(url: string): Promise<Scan> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const database = drizzle(client);
    const shown: string[] = [];
    const newestFirst = [desc(investmentLots.createdAt), desc(investmentLots.id)];
    let [row] = await database
      .select()
      .from(investmentLots)
      .orderBy(...newestFirst)
      .limit(1);
    while (row !== undefined && shown.length < 20) {
      shown.push(row.id);
      const cursor = sql`(${investmentLots.createdAt}, ${investmentLots.id}) < (${row.createdAt.toISOString()}::timestamptz, ${row.id}::uuid)`;
      [row] = await database
        .select()
        .from(investmentLots)
        .where(cursor)
        .orderBy(...newestFirst)
        .limit(1);
    }
    return shown;
  } finally {
    await client.end();
  }
}

function insertLot(time: string): string {
  return `INSERT INTO investment_lots (investment_id, lot_type, share_price_cents, shares_acquired, cost_basis_cents, created_at)
    VALUES (1, 'initial', 1050, 12.34567890, 12963, '2024-05-06 ${time}+00')`;
}

export async function judgePaging(lab: Lab): Promise<ClaimOutcome> {
  const url = await lab.createDatabase();
  await using reader = await openSession(url);
  await using writer = await openSession(url);
  await buildBaseline(reader, 'as-documented');
  await runFiles(reader, 'as-documented', ['0001_portfolio_schema_hardening.sql']);
  for (const time of TIMES) await reader.ask(insertLot(time));

  const inModel = await scanThroughModel(url);
  const inText = await scanExactly(reader);
  // Its time is that of its first statement, its commit comes when the scan is past it.
  await writer.ask(`BEGIN; ${insertLot('09:30:00.123950')}`);
  const meanwhile = await scanExactly(reader, async () => {
    await writer.ask('COMMIT');
  });
  const exact = `with the cursor as exact text all ${inText.length} of ${TIMES.length} are shown`;
  // No scan owes a row that was not there at every page; it is told all the same.
  const late = meanwhile.length === TIMES.length ? ', one that commits behind the cursor is not' : '';
  const isSame = (scan: Scan) => scan.length === TIMES.length && new Set(scan).size === TIMES.length;
  if (isSame(inModel) && isSame(inText)) return { verdict: 'held', evidence: `${exact}${late}`, replay: null };
  return {
    verdict: 'falsified',
    evidence: `${TIMES.length} lots created within a millisecond, pages of 1: the Drizzle model, whose times are Dates, shows ${new Set(inModel).size}; ${exact}${late}`,
    replay: null,
  };
}
