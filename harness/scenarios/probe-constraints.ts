/**
 * For each constraint of a state, a row that breaks it and nothing else. The row is one that is there, with the cells of the constraint
 * changed; so everything else about it is legal. Each trial says with a query of its own whether it really broke the constraint, and is
 * rolled back. The first trial that tells decides.
 */
import type { Cell } from '../core/dataset.ts';
import type { Attempt, AttemptResult, Database, Dialect } from '../core/dialect.ts';
import type { DatasetSource } from '../core/case.ts';
import type { Probe } from '../core/evidence.ts';
import type { Check, Column, Exclusion, ForeignKey, SchemaModel, Table, UniqueKey } from '../core/schema.ts';
import type { DatabaseFault } from '../core/trace.ts';

/** What probing a state needs. */
export interface ProbeSetting {
  readonly database: Database;
  readonly dialect: Dialect;
  readonly source: DatasetSource;
  readonly model: SchemaModel;
  readonly at: Probe['at'];
  readonly queryLimitMs: number;
}

/** One attempt at breaking a constraint, and how to read what came of it; null: it tells nothing. */
interface Trial {
  /** What has to be done before it; absent: nothing. */
  readonly first?: string;
  readonly statement: string;
  readonly look: string;
  readonly commits?: boolean;
  read(result: AttemptResult): 'works' | 'broken' | null;
}

const TRIALS_AT_ONCE = 8;
const MOST_TRIALS = 60;
/** Columns of a check that are changed together. */
const MOST_TOGETHER = 6;

/** Probes every constraint of a table that the database enforces. */
export async function probeTable(setting: ProbeSetting, table: Table): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  const probe = async (constraint: string, trials: readonly Trial[]): Promise<void> => {
    probes.push(await decide(setting, table, constraint, trials));
  };
  for (const column of table.columns) {
    if (isNeverNull(column) && !isRoutedAway(table, column))
      await probe(`NOT NULL of ${table.key}.${column.name}`, await notNullTrials(setting, table, column));
    if (column.type.kind === 'domain' && column.type.checks.length > 0 && column.generated === null)
      await probe(
        `domain ${column.type.name} of ${table.key}.${column.name}`,
        await domainTrials(setting, table, column),
      );
    if (column.generated !== null)
      await probe(`GENERATED ALWAYS of ${table.key}.${column.name}`, await generatedTrials(setting, table, column));
  }
  for (const key of table.uniques)
    await probe(
      `${key.isPrimary ? 'primary key' : 'unique'} ${nameOf(key)} of ${table.key}`,
      await uniqueTrials(setting, table, key),
    );
  for (const check of table.checks)
    await probe(`check ${check.name} of ${table.key}`, await checkTrials(setting, table, check));
  for (const key of table.foreignKeys)
    if (key.isEnforced)
      await probe(`foreign key ${key.name} of ${table.key}`, await foreignKeyTrials(setting, table, key));
  for (const exclusion of table.exclusions)
    await probe(`exclusion ${exclusion.name} of ${table.key}`, await exclusionTrials(setting, table, exclusion));
  return probes;
}

function nameOf(key: UniqueKey): string {
  return key.name === '' ? `(${key.columns.join(', ')})` : key.name;
}

async function decide(
  setting: ProbeSetting,
  table: Table,
  constraint: string,
  trials: readonly Trial[],
): Promise<Probe> {
  const base = { at: setting.at, table: table.key, constraint, part: 'refusal' as const };
  const limited = trials.slice(0, MOST_TRIALS);
  for (let start = 0; start < limited.length; start += TRIALS_AT_ONCE) {
    const some = limited.slice(start, start + TRIALS_AT_ONCE);
    const results = await setting.database.attempt(
      some.map(({ first, statement, look, commits }): Attempt => ({
        statements: first === undefined ? [statement] : [first, statement],
        look,
        ends: commits === true ? 'commit' : 'rollback',
      })),
    );
    for (const [at, trial] of some.entries()) {
      const result = results[at];
      const outcome = result === undefined ? null : trial.read(result);
      if (outcome === 'works') return { ...base, outcome, sql: trial.statement, instead: null };
      if (outcome === 'broken') {
        const fault = result?.fault ?? null;
        const instead = fault === null ? 'it was accepted' : `it was refused by something else: ${fault.message}`;
        return { ...base, outcome, sql: trial.statement, instead };
      }
    }
  }
  return { ...base, outcome: 'unknown', sql: null, instead: null };
}

function isNeverNull({ isNullable, generated, identity, isAutoNumbered, type }: Column): boolean {
  // An INTEGER PRIMARY KEY takes NULL for "give me a number".
  return !isNullable && generated === null && identity !== 'always' && !(isAutoNumbered && type.kind === 'sqlite');
}

/** Whether no partition takes a NULL of the column: rows are refused on their way to one, before its NOT NULL is asked. */
function isRoutedAway({ partitioning }: Table, { name }: Column): boolean {
  if (partitioning === null || partitioning.strategy === 'hash' || !partitioning.columns.includes(name)) return false;
  return !partitioning.bounds.some((bound) => bound === 'DEFAULT' || /\bNULL\b/i.test(bound));
}

async function notNullTrials(setting: ProbeSetting, table: Table, column: Column): Promise<readonly Trial[]> {
  const name = setting.dialect.quoteIdentifier(column.name);
  return (await pickRows(setting, table, [])).map((row) => ({
    statement: `UPDATE ${table.key} SET ${name} = NULL${row}`,
    look: `SELECT count(*) FROM ${table.key} WHERE ${name} IS NULL`,
    read: readBy((fault) => fault.class === 'not-null' && (fault.column === null || fault.column === column.name)),
  }));
}

async function checkTrials(setting: ProbeSetting, table: Table, check: Check): Promise<readonly Trial[]> {
  const rows = await pickRows(setting, table, []);
  const columns = check.columns.filter((name) => isWritable(table, name)).slice(0, MOST_TOGETHER);
  const cells = columns.map((name) => setting.source.breakingCells(setting.model, table.key, name, check.sql));
  const singles = columns.flatMap((name, at) => (cells[at] ?? []).map((cell) => [[name, cell] as const]));
  const [a, b] = columns;
  const pairs =
    a === undefined || b === undefined
      ? []
      : (cells[0] ?? [])
          .slice(0, 8)
          .flatMap((one) => (cells[1] ?? []).slice(0, 8).map((other) => [[a, one] as const, [b, other] as const]));
  const look = (row: string): string =>
    `SELECT count(*) FROM ${table.key}${row === '' ? ' WHERE' : `${row} AND`} (${check.sql}) IS FALSE`;
  return rows.slice(0, 1).flatMap((row) =>
    [...singles.slice(0, MOST_TRIALS / 2), ...pairs].map((changes) => ({
      statement: `UPDATE ${table.key} SET ${changes.map(([name, cell]) => assign(setting, name, cell)).join(', ')}${row}`,
      look: look(row),
      read: readBy((fault) => fault.class === 'check' && isSameCheck(fault, check)),
    })),
  );
}

/** SQLite names a check without a name by its expression. */
function isSameCheck({ constraint }: DatabaseFault, { name, sql }: Check): boolean {
  return constraint === name || (constraint !== null && bareText(constraint) === bareText(sql));
}

function bareText(text: string): string {
  return text.replaceAll(/[\s()]/g, '');
}

async function domainTrials(setting: ProbeSetting, table: Table, column: Column): Promise<readonly Trial[]> {
  const { type } = column;
  if (type.kind !== 'domain') return [];
  const condition = type.checks.map((check) => `(${check})`).join(' AND ');
  const name = setting.dialect.quoteIdentifier(column.name);
  const own = new Set(table.checks.map((check) => check.name));
  const [row] = await pickRows(setting, table, []);
  if (row === undefined) return [];
  return setting.source.breakingCells(setting.model, table.key, column.name, condition).map((cell) => ({
    statement: `UPDATE ${table.key} SET ${assign(setting, column.name, cell)}${row}`,
    look: `SELECT count(*) FROM (SELECT ${name} AS value FROM ${table.key}${row}) probed WHERE (${condition}) IS FALSE`,
    read: readBy((fault) => fault.class === 'check' && !own.has(fault.constraint ?? '')),
  }));
}

async function generatedTrials(setting: ProbeSetting, table: Table, column: Column): Promise<readonly Trial[]> {
  const name = setting.dialect.quoteIdentifier(column.name);
  return (await pickRows(setting, table, [])).slice(0, 1).map((row) => ({
    statement: `UPDATE ${table.key} SET ${name} = NULL${row}`,
    look: `SELECT count(*) FROM ${table.key} WHERE ${name} IS NULL`,
    read: readBy(({ code }) => code === '428C9' || code === 'SQLITE_ERROR'),
  }));
}

async function uniqueTrials(setting: ProbeSetting, table: Table, key: UniqueKey): Promise<readonly Trial[]> {
  const { dialect } = setting;
  const columns = key.columns.filter((name) => isWritable(table, name));
  if (columns.length === 0 || columns.length < key.columns.length) return [];
  const names = columns.map((name) => dialect.quoteIdentifier(name));
  const filled = key.nullsNotDistinct ? [] : names.map((name) => `${name} IS NOT NULL`);
  const wheres = await pickRows(setting, table, [...filled, ...(key.predicate === null ? [] : [`(${key.predicate})`])]);
  const [first, second] = wheres;
  const fits = (fault: DatabaseFault): boolean => fault.class === 'unique' && isOfKey(setting, fault, table, key);
  const trials: Trial[] = [];
  if (first !== undefined && second !== undefined && table.primaryKey.length > 0) {
    const same = names.map((name) => `one.${name} IS NOT DISTINCT FROM other.${name}`).join(' AND ');
    const statement = `UPDATE ${table.key} SET ${names.map((name) => `${name} = (SELECT ${name} FROM ${table.key}${first})`).join(', ')}${second}`;
    const count = `SELECT CASE WHEN count(*) > 1 THEN 1 ELSE 0 END FROM ${table.key} one, (SELECT * FROM ${table.key}${first} LIMIT 1) other WHERE ${same}`;
    trials.push({
      statement,
      look: key.hasExpressions || key.predicate !== null ? 'SELECT 0' : count,
      read: readBy(fits),
    });
  }
  // A copy of a whole row but its number breaks every other key; where the key is the only one, it decides.
  const copied = table.columns.filter((column) => column.generated === null);
  if (first !== undefined && copied.length > 0) {
    const targets = copied.map(({ name }) => dialect.quoteIdentifier(name)).join(', ');
    const values = copied.map((column) =>
      key.isPrimary ? dialect.quoteIdentifier(column.name) : copyOf(setting, table, column),
    );
    const overriding = table.columns.some(({ identity }) => identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
    const isOnly = table.uniques.length === 1 && table.triggers.length === 0;
    trials.push({
      statement: `INSERT INTO ${table.key} (${targets})${overriding} SELECT ${values.join(', ')} FROM ${table.key}${first}${first === '' ? ' LIMIT 1' : ''}`,
      look: `SELECT ${isOnly ? 1 : 0}`,
      read: readBy(fits),
    });
  }
  return [...trials, ...(await twinTrials(setting, table, key, columns, fits))];
}

/** A cell of a copied row; a primary key of one column gets another value where its type offers one. */
function copyOf({ dialect }: ProbeSetting, table: Table, { name, type, isAutoNumbered }: Column): string {
  const quoted = dialect.quoteIdentifier(name);
  if (table.primaryKey.length !== 1 || table.primaryKey[0] !== name) return quoted;
  if (type.kind === 'integer' || (type.kind === 'sqlite' && isAutoNumbered))
    return `(SELECT max(${quoted}) + 1 FROM ${table.key})`;
  if (type.kind === 'uuid') return `'dead0000-0000-4000-8000-00000000dead'`;
  return type.kind === 'text' || type.kind === 'sqlite' ? `'probe'` : quoted;
}

/** Two rows that are given the same values: for keys that few rows fall under. */
async function twinTrials(
  setting: ProbeSetting,
  table: Table,
  key: UniqueKey,
  columns: readonly string[],
  fits: (fault: DatabaseFault) => boolean,
): Promise<readonly Trial[]> {
  const [one, other] = await pickRows(setting, table, []);
  if (one === undefined || other === undefined || table.primaryKey.length === 0 || key.isPrimary) return [];
  const free = columns.filter((name) => !table.foreignKeys.some((foreign) => foreign.columns.includes(name)));
  const shared = columns.filter((name) => !free.includes(name)).map((name) => dialectCopy(setting, table, name, one));
  const cells = free.map((name) =>
    setting.source.breakingCells(setting.model, table.key, name, '').filter((cell) => cell !== null),
  );
  return Array.from({ length: 3 }, (_, at) => {
    const same = free.map((name, place) => assign(setting, name, cells[place]?.[at] ?? cells[place]?.[0] ?? null));
    const set = same.length === 0 ? '' : `UPDATE ${table.key} SET ${same.join(', ')}${one}`;
    return {
      statement: `UPDATE ${table.key} SET ${[...same, ...shared].join(', ')}${other}`,
      ...(set === '' ? {} : { first: set }),
      look: 'SELECT 0',
      read: readBy(fits),
    };
  });
}

function dialectCopy({ dialect }: ProbeSetting, table: Table, name: string, from: string): string {
  const quoted = dialect.quoteIdentifier(name);
  return `${quoted} = (SELECT ${quoted} FROM ${table.key}${from})`;
}

/** Whether a fault is the key's, or that of another one that already forbids what it forbids. */
function isOfKey({ dialect }: ProbeSetting, fault: DatabaseFault, table: Table, key: UniqueKey): boolean {
  // A partition refuses by an index of its own, under another name.
  const inPartition = (columns: readonly string[]): boolean =>
    table.partitioning !== null &&
    fault.detail?.startsWith(`Key (${columns.map((name) => dialect.quoteIdentifier(name)).join(', ')})=`) === true;
  const named = (other: UniqueKey): boolean =>
    fault.constraint === other.name ||
    inPartition(other.columns) ||
    (other.columns.length === 1 && fault.column === other.columns[0]) ||
    fault.constraint === other.columns.map((name) => `${table.name}.${name}`).join(', ');
  return (
    named(key) ||
    table.uniques.some(
      (other) =>
        named(other) &&
        other.predicate === null &&
        !other.hasExpressions &&
        other.columns.every((name) => key.columns.includes(name)),
    )
  );
}

async function foreignKeyTrials(setting: ProbeSetting, table: Table, key: ForeignKey): Promise<readonly Trial[]> {
  const { dialect, source, model } = setting;
  const names = key.columns.map((name) => dialect.quoteIdentifier(name));
  const [row] = await pickRows(setting, table, []);
  if (row === undefined || key.columns.some((name) => !isWritable(table, name))) return [];
  const cells = key.columns.map((name) =>
    source.breakingCells(model, table.key, name, '').filter((cell) => cell !== null),
  );
  const parent = key.refColumns
    .map((name, at) => `parent.${dialect.quoteIdentifier(name)} = child.${names[at] ?? ''}`)
    .join(' AND ');
  const set = [...names.keys()].length === 0 ? [] : (cells[0] ?? []);
  return set.map((cell, at) => ({
    statement: `UPDATE ${table.key} SET ${key.columns.map((name, place) => assign(setting, name, place === 0 ? cell : (cells[place]?.[at] ?? cells[place]?.[0] ?? null))).join(', ')}${row}`,
    look: `SELECT count(*) FROM ${table.key} child WHERE ${names.map((name) => `child.${name} IS NOT NULL`).join(' AND ')} AND NOT EXISTS (SELECT 1 FROM ${key.refTable} parent WHERE ${parent})`,
    // SQLite asks a deferred key at COMMIT alone.
    commits: key.isDeferrable && model.dialect === 'sqlite',
    read: readBy(
      (fault) => fault.class === 'foreign-key' && (fault.constraint === null || fault.constraint === key.name),
    ),
  }));
}

async function exclusionTrials(setting: ProbeSetting, table: Table, exclusion: Exclusion): Promise<readonly Trial[]> {
  const names = exclusion.columns.map((name) => setting.dialect.quoteIdentifier(name));
  const [first, second] = await pickRows(
    setting,
    table,
    names.map((name) => `${name} IS NOT NULL`),
  );
  if (first === undefined || second === undefined || table.primaryKey.length === 0) return [];
  return [
    {
      statement: `UPDATE ${table.key} SET ${names.map((name) => `${name} = (SELECT ${name} FROM ${table.key}${first})`).join(', ')}${second}`,
      // Equal values need not overlap (an empty range does not): only a constraint that is not there at all is told by this.
      look: `SELECT CASE WHEN EXISTS (SELECT FROM pg_constraint WHERE contype = 'x' AND conname = ${setting.dialect.renderCell(exclusion.name)}) THEN 0 ELSE 1 END`,
      read: readBy((fault) => fault.class === 'exclusion' && fault.constraint === exclusion.name),
    },
  ];
}

/** Refused by the right one: it works. Accepted although the look finds what must not be: broken. Everything else tells nothing. */
function readBy(isIt: (fault: DatabaseFault) => boolean): Trial['read'] {
  return ({ fault, rows }) => {
    if (fault !== null) return isIt(fault) ? 'works' : null;
    const [[found = null] = []] = rows;
    return found !== null && found !== '0' ? 'broken' : null;
  };
}

function isWritable(table: Table, name: string): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  return column !== undefined && column.generated === null && column.identity !== 'always';
}

function assign({ dialect }: ProbeSetting, name: string, cell: Cell): string {
  return `${dialect.quoteIdentifier(name)} = ${dialect.renderCell(cell)}`;
}

/** Up to two rows that satisfy the conditions, each as the ` WHERE …` that finds it; without a primary key one '' stands for any row. */
async function pickRows(
  { database, dialect, queryLimitMs }: ProbeSetting,
  table: Table,
  conditions: readonly string[],
): Promise<readonly string[]> {
  const key = table.primaryKey.map((name) => dialect.quoteIdentifier(name));
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const result = await database.query(
    `SELECT ${key.length === 0 ? '1' : key.join(', ')} FROM ${table.key}${where} LIMIT 2`,
    2,
    queryLimitMs,
  );
  if (result.status === 'failed') return [];
  if (key.length === 0) return result.rows.length === 0 ? [] : [where];
  return result.rows.map(
    (row) => ` WHERE ${key.map((name, at) => `${name} = ${dialect.renderCell(row[at] ?? null)}`).join(' AND ')}`,
  );
}
