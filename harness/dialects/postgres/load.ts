/**
 * Loads a dataset: first all of it in one round trip, and only where the database refuses something, piece by piece,
 * so that each refusal is tied to its row.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { countRows } from '../../core/dataset.ts';
import type { Dataset, TableRows } from '../../core/dataset.ts';
import type { LoadResult, Refusal } from '../../core/dialect.ts';
import type { SchemaModel } from '../../core/schema.ts';
import type { DatabaseFault } from '../../core/trace.ts';
import { queryText, SET_EXACT_TEXT } from './connection.ts';
import { isSessionLost, toFault } from './faults.ts';
import { insertedRows, insertUnitSql, raiseSequenceSql } from './load-sql.ts';
import { groupRows, planUnits } from './load-units.ts';
import type { RowRef, Unit } from './load-units.ts';
import type { SequenceShape } from './structure.ts';

const BEGIN_LOAD = `BEGIN; ${SET_EXACT_TEXT} SET LOCAL statement_timeout = 30000; SET CONSTRAINTS ALL DEFERRED;`;

/** Inserts what the database accepts. `sequences` are raised above the columns they fill. */
export async function loadDataset(
  client: Client,
  dataset: Dataset,
  model: SchemaModel,
  sequences: readonly SequenceShape[],
): Promise<LoadResult> {
  const units = planUnits(dataset, model);
  if (units.length === 0) return { loaded: dataset, refused: [] };
  const raise = raiseAll(sequences, new Set(dataset.tables.map(({ table }) => table)));
  if (await loadAtOnce(client, units, raise, countRows(dataset))) return { loaded: dataset, refused: [] };
  const careful = await new CarefulLoad(client, 'as-declared').run(units, raise);
  // A constraint trigger that waits for COMMIT refused the whole: now each row has to answer for itself.
  return careful ?? (await new CarefulLoad(client, 'immediate').run(units, raise)) ?? refuseAll(dataset);
}

function raiseAll(sequences: readonly SequenceShape[], tables: ReadonlySet<string>): string {
  return sequences
    .filter(({ ownedBy }) => ownedBy !== null && tables.has(ownedBy.table))
    .flatMap((sequence) => raiseSequenceSql(sequence) ?? [])
    .map((sql) => `${sql};`)
    .join('\n');
}

async function loadAtOnce(client: Client, units: readonly Unit[], raise: string, expected: number): Promise<boolean> {
  const inserts = units.map(
    (unit) =>
      `${insertUnitSql(
        unit,
        unit.tables.map(({ rows }) => rows),
      )};`,
  );
  try {
    const results = await queryText(client, `${BEGIN_LOAD}\n${inserts.join('\n')}\n${raise}`);
    const counts = results.slice(-inserts.length - raiseCount(raise)).slice(0, inserts.length);
    const inserted = counts.reduce((sum, result) => sum + insertedRows(result), 0);
    await client.query(inserted === expected ? 'COMMIT' : 'ROLLBACK');
    return inserted === expected;
  } catch (error) {
    if (isSessionLost(error)) throw error;
    await client.query('ROLLBACK');
    return false;
  }
}

function raiseCount(raise: string): number {
  return raise === '' ? 0 : raise.split(';\n').length;
}

function refuseAll(dataset: Dataset): LoadResult {
  const fault = unexplained('the database refused the rows together, though none of them alone');
  return {
    loaded: { tables: dataset.tables.map((table) => ({ ...table, rows: [] })) },
    refused: dataset.tables.flatMap(({ table, rows }) => rows.map((row) => ({ table, row, fault }))),
  };
}

function unexplained(message: string): DatabaseFault {
  return {
    code: '00000',
    class: 'other',
    message,
    detail: null,
    hint: null,
    constraint: null,
    table: null,
    column: null,
  };
}

type Attempt = { readonly status: 'in' } | { readonly status: 'refused'; readonly fault: DatabaseFault };

/** One pass over the units in one transaction. */
class CarefulLoad {
  private readonly client: Client;
  private readonly constraints: 'as-declared' | 'immediate';
  private readonly refused: Refusal[] = [];
  private readonly kept = new Map<Unit, Set<string>>();

  constructor(client: Client, constraints: 'as-declared' | 'immediate') {
    this.client = client;
    this.constraints = constraints;
  }

  /** Null where COMMIT refused what every statement had accepted. */
  async run(units: readonly Unit[], raise: string): Promise<LoadResult | null> {
    await this.client.query(`${BEGIN_LOAD} ${await this.constraintMode()}`);
    for (const unit of units) await this.loadUnit(unit);
    try {
      await this.client.query(`${raise} COMMIT`);
    } catch (error) {
      if (isSessionLost(error)) throw error;
      await this.client.query('ROLLBACK');
      return null;
    }
    return { loaded: { tables: units.flatMap((unit) => this.keptRows(unit)) }, refused: this.refused };
  }

  /** Deferrable keys must answer at once, or a refusal could not be tied to its row; deferred triggers wait unless told otherwise. */
  private async constraintMode(): Promise<string> {
    if (this.constraints === 'immediate') return 'SET CONSTRAINTS ALL IMMEDIATE';
    const [result] = await queryText(
      this.client,
      `SELECT string_agg(DISTINCT format('%I.%I', n.nspname, c.conname), ', ') FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
        WHERE c.condeferrable AND c.contype IN ('f', 'p', 'u', 'x')`,
    );
    const names = result?.rows[0]?.[0] ?? null;
    return names === null ? '' : `SET CONSTRAINTS ${names} IMMEDIATE`;
  }

  private async loadUnit(unit: Unit): Promise<void> {
    const all = unit.tables.flatMap((table, index) => table.rows.map((_, row): RowRef => ({ table: index, row })));
    if ((await this.attempt(unit, all)).status === 'in') return this.keep(unit, all);
    const { groups, dependents } = groupRows(unit);
    await this.loadGroups(unit, groups, dependents);
  }

  /** Halves the groups until those that are refused stand alone. */
  private async loadGroups(
    unit: Unit,
    groups: readonly RowRef[][],
    dependents: ReadonlyMap<RowRef, readonly RowRef[]>,
  ): Promise<void> {
    for (const half of halves(groups)) {
      const refs = half.flat();
      const attempt = await this.attempt(unit, refs);
      if (attempt.status === 'in') this.keep(unit, refs);
      else if (half.length > 1) await this.loadGroups(unit, half, dependents);
      else await this.reduceGroup(unit, refs, dependents, attempt.fault);
    }
  }

  /** Finds rows of a refused group without which the rest goes in; rows that refer to them go with them. */
  private async reduceGroup(
    unit: Unit,
    group: readonly RowRef[],
    dependents: ReadonlyMap<RowRef, readonly RowRef[]>,
    fault: DatabaseFault,
  ): Promise<void> {
    if (group.length === 1) return this.refuse(unit, group, fault);
    for (const culprit of group) {
      const out = withDependents(culprit, dependents);
      const rest = group.filter((ref) => !out.has(ref));
      if (rest.length === 0) continue;
      if ((await this.attempt(unit, rest)).status === 'in') {
        this.keep(unit, rest);
        return this.refuse(unit, [...out], fault);
      }
    }
    const [first, ...others] = group.toSorted(
      (a, b) => withDependents(a, dependents).size - withDependents(b, dependents).size,
    );
    if (first === undefined) return;
    const out = withDependents(first, dependents);
    this.refuse(unit, [...out], fault);
    const rest = others.filter((ref) => !out.has(ref));
    if (rest.length > 0) await this.retry(unit, rest, dependents);
  }

  private async retry(
    unit: Unit,
    rest: readonly RowRef[],
    dependents: ReadonlyMap<RowRef, readonly RowRef[]>,
  ): Promise<void> {
    const attempt = await this.attempt(unit, rest);
    if (attempt.status === 'in') this.keep(unit, rest);
    else await this.reduceGroup(unit, rest, dependents, attempt.fault);
  }

  private async attempt(unit: Unit, refs: readonly RowRef[]): Promise<Attempt> {
    const rows = unit.tables.map((table, index) =>
      refs.filter((ref) => ref.table === index).map((ref) => table.rows[ref.row] ?? []),
    );
    try {
      const results = await queryText(this.client, `SAVEPOINT attempt; ${insertUnitSql(unit, rows)}`);
      const isIn = results[1] !== undefined && insertedRows(results[1]) === refs.length;
      await this.client.query(isIn ? 'RELEASE attempt' : 'ROLLBACK TO attempt; RELEASE attempt');
      return isIn
        ? { status: 'in' }
        : { status: 'refused', fault: unexplained('a trigger or rule of the table dropped the row') };
    } catch (error) {
      if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
      await this.client.query('ROLLBACK TO attempt; RELEASE attempt');
      return { status: 'refused', fault: toFault(error) };
    }
  }

  private keep(unit: Unit, refs: readonly RowRef[]): void {
    const kept = this.kept.get(unit) ?? new Set<string>();
    for (const ref of refs) kept.add(`${ref.table}/${ref.row}`);
    this.kept.set(unit, kept);
  }

  private refuse(unit: Unit, refs: readonly RowRef[], fault: DatabaseFault): void {
    for (const ref of refs) {
      const table = unit.tables[ref.table];
      const row = table?.rows[ref.row];
      if (table !== undefined && row !== undefined) this.refused.push({ table: table.table, row, fault });
    }
  }

  private keptRows(unit: Unit): TableRows[] {
    const kept = this.kept.get(unit);
    return unit.tables.map(({ table, columns, rows }, index) => ({
      table,
      columns,
      rows: rows.filter((_, row) => kept?.has(`${index}/${row}`) ?? false),
    }));
  }
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

function withDependents(ref: RowRef, dependents: ReadonlyMap<RowRef, readonly RowRef[]>): ReadonlySet<RowRef> {
  const found = new Set([ref]);
  const queue = [ref];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const dependent of dependents.get(next) ?? []) {
      if (!found.has(dependent)) queue.push(dependent);
      found.add(dependent);
    }
  }
  return found;
}
