/**
 * The schema as generators need it, read from the database's own catalogs in two round trips: the facts, then the rows that are there.
 *
 * Tables are those in which rows live: ordinary tables (children by inheritance too, which are tables like any other) and the roots of
 * partitioned ones. Left out are partitions, foreign and temporary tables, and what belongs to an extension or to the system.
 */
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import type { Column, SchemaModel, Table } from '../../core/schema.ts';
import { compareText } from '../../core/text.ts';
import { columnType, domainDefault, refusesNull } from './column-type.ts';
import type { TypesByOid } from './column-type.ts';
import { SET_EXACT_TEXT } from './connection.ts';
import { byName, check, exclusion, foreignKey, namesOf, uniqueKey } from './introspect/constraints.ts';
import type { ColumnNames } from './introspect/constraints.ts';
import { readExistingRows } from './introspect/existing-rows.ts';
import { readFacts } from './introspect/facts.ts';
import type { ColumnFacts, ConstraintFacts, Facts, PartitionFacts, TableFacts } from './introspect/facts.ts';
import { quoteQualified } from './quote.ts';

const BEGIN_LOOK = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${SET_EXACT_TEXT} SET LOCAL search_path = ''; SET LOCAL row_security = off`;

/** Facts by the catalog of their database: what is the same in every attribute and position has the same facts, OIDs aside. */
const factsByCatalog = new WeakMap<Catalog, Facts>();

/**
 * Reads the model in a read-only transaction of its own: the session must not be in one. `catalog`: the database's own as of now, where it is
 * known; then only rows are read if its like was seen before. Errors of the connection pass through.
 */
export async function introspectSchema(client: Client, catalog: Catalog | null = null): Promise<SchemaModel> {
  await client.query(BEGIN_LOOK);
  try {
    const facts = (catalog === null ? undefined : factsByCatalog.get(catalog)) ?? (await readFacts(client));
    if (catalog !== null) factsByCatalog.set(catalog, facts);
    const model = await readModel(client, facts);
    await client.query('COMMIT');
    return model;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function readModel(client: Client, facts: Facts): Promise<SchemaModel> {
  const index = indexFacts(facts);
  const tables = facts.tables.map((table) => makeTable(table, index)).toSorted((a, b) => compareText(a.key, b.key));
  const rows = await readExistingRows(
    client,
    tables.map((table) => ({
      key: table.key,
      columns: table.columns.map((column) => column.name),
      primaryKey: table.primaryKey,
      isPartitioned: table.partitioning !== null,
    })),
  );
  return {
    dialect: 'postgres',
    tables: tables.map((table) => ({ ...table, existing: rows.get(table.key) ?? [] })),
  };
}

interface FactIndex {
  readonly types: TypesByOid;
  readonly keys: ReadonlyMap<number, string>;
  readonly columns: ReadonlyMap<number, readonly ColumnFacts[]>;
  readonly names: ReadonlyMap<number, ColumnNames>;
  readonly constraints: ReadonlyMap<number, readonly ConstraintFacts[]>;
  readonly uniques: ReadonlyMap<number, Facts['uniques']>;
  readonly partitions: ReadonlyMap<number, readonly PartitionFacts[]>;
}

function indexFacts(facts: Facts): FactIndex {
  const columns = groupBy(facts.columns, (column) => column.table);
  return {
    types: new Map(facts.types.map((type) => [type.oid, type])),
    keys: new Map(facts.tables.map((table) => [table.oid, quoteQualified(table.schema, table.name)])),
    columns,
    names: new Map(
      [...columns].map(([table, list]) => [table, new Map(list.map((column) => [column.number, column.name]))]),
    ),
    constraints: groupBy(facts.constraints, (constraint) => constraint.table),
    uniques: groupBy(facts.uniques, (unique) => unique.table),
    partitions: groupBy(facts.partitions, (partition) => partition.parent),
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

const NO_NAMES: ColumnNames = new Map();

function makeTable(facts: TableFacts, index: FactIndex): Table {
  const names = index.names.get(facts.oid) ?? NO_NAMES;
  const constraints = (index.constraints.get(facts.oid) ?? []).toSorted(byName);
  const uniques = (index.uniques.get(facts.oid) ?? []).map((unique) => uniqueKey(unique, names)).toSorted(byName);
  const partitioning = partitioningOf(facts, names, index);
  return {
    key: quoteQualified(facts.schema, facts.name),
    schema: facts.schema,
    name: facts.name,
    columns: (index.columns.get(facts.oid) ?? []).map((column) => makeColumn(column, index.types)),
    primaryKey: uniques.find((unique) => unique.isPrimary)?.columns ?? [],
    uniques,
    foreignKeys: constraints
      .filter((constraint) => constraint.sort === 'f')
      .flatMap((constraint) => {
        const refTable = index.keys.get(constraint.refTable);
        const refNames = index.names.get(constraint.refTable);
        // A key that refers to one partition, or to an extension's table, has no table in the model to point at.
        return refTable === undefined || refNames === undefined
          ? []
          : [foreignKey(constraint, names, refTable, refNames)];
      }),
    // What is NOT ENFORCED is never checked, not even for new rows.
    checks: constraints
      .filter((constraint) => constraint.sort === 'c' && constraint.isEnforced)
      .map((constraint) => check(constraint, names)),
    exclusions: constraints
      .filter((constraint) => constraint.sort !== 'f' && constraint.sort !== 'c')
      .map((constraint) => exclusion(constraint, names)),
    triggers: facts.triggers ?? [],
    partitioning,
    notInsertable: whyNotInsertable(facts, partitioning),
    existing: [],
  };
}

function makeColumn(facts: ColumnFacts, types: TypesByOid): Column {
  const type = columnType(facts, types);
  const isGenerated = facts.generated !== '';
  const identity = facts.identity === 'a' ? 'always' : facts.identity === 'd' ? 'by-default' : null;
  const defaultSql = isGenerated ? null : (facts.defaultSql ?? domainDefault(facts.type, types));
  return {
    name: facts.name,
    type,
    isNullable: !facts.isNotNull && !refusesNull(type),
    defaultSql,
    generated: facts.generated === 's' ? 'stored' : facts.generated === 'v' ? 'virtual' : null,
    identity,
    isAutoNumbered: identity !== null || (defaultSql ?? '').startsWith("nextval('"),
  };
}

const STRATEGIES = { r: 'range', l: 'list', h: 'hash' } as const;

function partitioningOf(facts: TableFacts, names: ColumnNames, index: FactIndex): Table['partitioning'] {
  if (facts.strategy === null) return null;
  const partitions = index.partitions.get(facts.oid) ?? [];
  return {
    strategy: STRATEGIES[facts.strategy],
    columns: namesOf(facts.partitionColumns, facts.partitionExpressions, names),
    bounds: partitions
      .filter((partition) => hasLeaf(partition, index))
      .map((partition) => partition.bound)
      .toSorted(compareText),
  };
}

/** Whether rows that reach the partition can be stored: it is a leaf, or has one below it. */
function hasLeaf(partition: PartitionFacts, index: FactIndex): boolean {
  return partition.isLeaf || (index.partitions.get(partition.table) ?? []).some((below) => hasLeaf(below, index));
}

function whyNotInsertable(facts: TableFacts, partitioning: Table['partitioning']): string | null {
  if (partitioning?.bounds.length === 0) return 'it is partitioned and has no partition';
  return facts.insteadRule === null ? null : `the rule ${facts.insteadRule} does something else instead of inserting`;
}
