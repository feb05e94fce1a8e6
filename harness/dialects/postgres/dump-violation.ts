/** Which row breaks a constraint that a dump adds after its rows: the server names a value, a person may see a number only. */
import type { Client } from 'pg';
import { queryRows } from './connection.ts';
import { askGrammar, loadGrammar } from './grammar.ts';
import { quoteIdentifier, quoteQualified } from './quote.ts';

interface Violation {
  readonly table: string;
  /** Selects the numbers of the rows that break it, as `n`, from the table's rows with their numbers, `c`. */
  readonly condition: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** `row 3 of public.users`, and how many others; null where the statement adds no key. Rows are numbered as the dump lists them. */
export async function locateViolation(client: Client, statement: string): Promise<string | null> {
  await loadGrammar();
  const answer = askGrammar(statement);
  const node = answer.status === 'parsed' ? fieldsOf(answer.tree.stmts?.[0]?.stmt) : {};
  const violation = violationOf(node);
  if (violation === null) return null;
  try {
    const [row] = await queryRows(
      client,
      `SELECT min(n), count(*) FROM (SELECT row_number() OVER (ORDER BY ctid) AS n, * FROM ONLY ${violation.table}) c WHERE ${violation.condition}`,
    );
    const [first, count] = row ?? [];
    if (first === null || first === undefined) return null;
    const others = BigInt(count ?? '1') - 1n;
    return `row ${first} of ${violation.table}${others > 0n ? ` (and ${others} more)` : ''}`;
  } catch {
    return null;
  }
}

function violationOf(node: Fields): Violation | null {
  const alter = fieldsOf(node['AlterTableStmt']);
  const table = tableOf(alter['relation']);
  for (const command of listOf(alter['cmds'])) {
    const constraint = fieldsOf(fieldsOf(fieldsOf(fieldsOf(command)['AlterTableCmd'])['def'])['Constraint']);
    const type = constraint['contype'];
    if (type === 'CONSTR_FOREIGN')
      return {
        table,
        condition: orphans(
          names(constraint['fk_attrs']),
          tableOf(constraint['pktable']),
          names(constraint['pk_attrs']),
        ),
      };
    if (type === 'CONSTR_PRIMARY' || type === 'CONSTR_UNIQUE')
      return { table, condition: doubles(table, names(constraint['keys'])) };
  }
  const index = fieldsOf(node['IndexStmt']);
  if (index['unique'] !== true) return null;
  const columns = listOf(index['indexParams']).map((part) => fieldsOf(fieldsOf(part)['IndexElem'])['name']);
  return columns.every((name) => typeof name === 'string')
    ? { table: tableOf(index['relation']), condition: doubles(tableOf(index['relation']), columns) }
    : null;
}

function orphans(columns: readonly string[], parent: string, parentColumns: readonly string[]): string {
  const filled = columns.map((name) => `c.${quoteIdentifier(name)} IS NOT NULL`);
  const equal = columns.map(
    (name, at) => `p.${quoteIdentifier(parentColumns[at] ?? name)} = c.${quoteIdentifier(name)}`,
  );
  return `${filled.join(' AND ')} AND NOT EXISTS (SELECT FROM ${parent} p WHERE ${equal.join(' AND ')})`;
}

/** Rows that equal an earlier one. */
function doubles(table: string, columns: readonly string[]): string {
  const list = columns.map(quoteIdentifier).join(', ');
  return `c.n IN (SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY ${list} ORDER BY n) AS place
    FROM (SELECT row_number() OVER (ORDER BY ctid) AS n, * FROM ONLY ${table}) numbered) placed WHERE place > 1)`;
}

function tableOf(relation: unknown): string {
  const fields = fieldsOf(fieldsOf(relation)['RangeVar'] ?? relation);
  const name = textOf(fields['relname']);
  return typeof fields['schemaname'] === 'string' ? quoteQualified(fields['schemaname'], name) : quoteIdentifier(name);
}

function names(list: unknown): readonly string[] {
  return listOf(list).map((part) => textOf(fieldsOf(fieldsOf(part)['String'])['sval']));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fieldsOf(node: unknown): Fields {
  return typeof node === 'object' && node !== null ? (node as Fields) : {};
}

function listOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}
