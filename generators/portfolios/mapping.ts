/** From entities to the tables of one schema and back: names, the form of ids, labels of enums, and the precision of the column's type. */
import { PalindromeError } from '../../harness/core/errors.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import { findTable } from '../../harness/core/schema-lookup.ts';
import type { Column, ColumnType, SchemaModel } from '../../harness/core/schema.ts';
import type { DatasetRow, DatasetRows } from '../datasets/dataset-generator.ts';
import { parseDecimal, rescale } from '../values/decimal.ts';
import { storageOf } from '../values/storage.ts';
import type { Entities, EntityRow, FieldKind, Fields } from './entities.ts';
import { secondsOf } from './moments.ts';

/** What a schema calls an entity. Fields without a column are left out. */
export interface EntityNames<Field extends string = string> {
  readonly table: string;
  /** Field to column. */
  readonly columns: { readonly [Name in Field]?: string | undefined };
  /** For fields that hold labels: what the schema calls each. */
  readonly labels?: { readonly [Name in Field]?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** The names of a schema by entity; entities without are left out. */
export type Names<Kinds extends Readonly<Record<string, Fields>>> = {
  readonly [Entity in keyof Kinds]?: EntityNames<keyof Kinds[Entity] & string> | undefined;
};

/** Where an entity's row came from: what the mapping does not name stays as it was. */
const ORIGIN: unique symbol = Symbol('origin');

type MappedRow = EntityRow & { readonly [ORIGIN]?: DatasetRow };

/** Translates between the entities of `kinds` and the tables that `names` gives them. */
export class Mapping<Kinds extends Readonly<Record<string, Fields>>> {
  readonly #kinds: Kinds;
  readonly #names: ReadonlyMap<string, EntityNames>;

  /** Throws `PalindromeError` (`names-invalid`) where names speak of entities or fields that there are not. */
  constructor(kinds: Kinds, names: Names<Kinds>) {
    this.#kinds = kinds;
    this.#names = new Map(
      Object.entries(names as Readonly<Record<string, EntityNames | undefined>>).flatMap(([entity, own]) =>
        own === undefined ? [] : [[entity, own]],
      ),
    );
    for (const [entity, own] of this.#names) {
      const known = kinds[entity];
      const unknown = known === undefined ? entity : Object.keys(own.columns).find((field) => !(field in known));
      if (unknown === undefined) continue;
      throw new PalindromeError('names-invalid', `There is no "${unknown}" to give a name to.`, {
        hint: `Known are ${Object.keys(known ?? kinds).join(', ')}.`,
      });
    }
  }

  /** Whether the schema has the table of an entity. */
  has(schema: SchemaModel, entity: string): boolean {
    const own = this.#names.get(entity);
    return own !== undefined && findTable(schema, own.table) !== undefined;
  }

  /** Whether a check limits a column of the entity's table. */
  isChecked(schema: SchemaModel, entity: string): boolean {
    const own = this.#names.get(entity);
    return own !== undefined && (findTable(schema, own.table)?.checks.length ?? 0) > 0;
  }

  /** Rows by table, cells in the form of their columns. Entities that are given as an empty list make an empty table. */
  toRows(entities: Entities, schema: SchemaModel): DatasetRows {
    const rows: Record<string, readonly DatasetRow[]> = {};
    for (const [entity, list] of Object.entries(entities)) {
      const own = this.#names.get(entity);
      if (own === undefined) continue;
      const table = findTable(schema, own.table);
      const columns = Object.entries(own.columns).flatMap(([field, name]) => {
        if (name === undefined) return [];
        const column = table?.columns.find((candidate) => candidate.name === name);
        return [{ field, name, column, kind: this.#kinds[entity]?.[field] ?? ('text' as const) }];
      });
      rows[own.table] = list.map((row) => ({
        ...(row as MappedRow)[ORIGIN],
        ...Object.fromEntries(
          columns.flatMap(({ field, name, column, kind }) => {
            const value = row[field];
            return value === undefined ? [] : [[name, fit(value, kind, schema.dialect, column, own.labels?.[field])]];
          }),
        ),
      }));
    }
    return rows;
  }

  /** The entities in rows by table. Tables of other names are passed over. */
  fromRows(rows: DatasetRows): Entities {
    const entities: Record<string, readonly EntityRow[]> = {};
    for (const [entity, own] of this.#names) {
      const list = rows[own.table] ?? rows[bareName(own.table)];
      if (list === undefined) continue;
      entities[entity] = list.map((row): MappedRow => ({
        ...Object.fromEntries(
          Object.entries(own.columns).flatMap(([field, name]) => {
            const value = name === undefined ? undefined : row[name];
            return value === undefined ? [] : [[field, read(value, own.labels?.[field])]];
          }),
        ),
        [ORIGIN]: row,
      }));
    }
    return entities;
  }
}

function bareName(table: string): string {
  return table.split('.').at(-1)?.replaceAll('"', '') ?? table;
}

function read(value: unknown, labels: Readonly<Record<string, string>> | undefined): string | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Object.entries(labels ?? {}).find(([, label]) => label === text)?.[0] ?? text;
}

function fit(
  value: string | boolean | null,
  kind: FieldKind,
  dialect: DialectName,
  column: Column | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): string | boolean | null {
  if (typeof value !== 'string' || column === undefined) return value;
  const type = baseOf(storageOf(dialect, column).type);
  switch (kind) {
    case 'id':
      return fitId(value, type);
    case 'label':
      return labels?.[value] ?? value;
    case 'amount':
    case 'count':
      return fitAmount(value, type);
    case 'moment':
    case 'date':
      return fitMoment(value, type);
    case 'text':
      return type.kind === 'text' && type.maxLength !== null
        ? Array.from(value).slice(0, type.maxLength).join('')
        : value;
    default:
      return value;
  }
}

function baseOf(type: ColumnType): ColumnType {
  return type.kind === 'domain' ? baseOf(type.base) : type;
}

const ID = /^@(\w+):(\d+)$/;

/** Ids that were mapped already, and ids of the user's own, stay as they are. */
function fitId(value: string, type: ColumnType): string {
  const [, entity = '', ordinal = ''] = ID.exec(value) ?? [];
  if (ordinal === '') return value;
  if (type.kind === 'integer' || type.kind === 'numeric') return ordinal;
  if (type.kind === 'uuid') return `00000000-0000-4000-8000-${ordinal.padStart(12, '0')}`;
  return `${entity}_${ordinal}`;
}

/** At the column's own scale; digits that it does not have are cut off. */
function fitAmount(value: string, type: ColumnType): string {
  const decimal = parseDecimal(value);
  if (decimal === null) return value;
  if (type.kind === 'integer') return rescale(decimal, 0, 'down').toString();
  if (type.kind !== 'numeric' || type.scale === null || decimal.scale <= type.scale) return value;
  const [whole = '', fraction = ''] = value.split('.');
  return type.scale <= 0 ? whole : `${whole}.${fraction.slice(0, type.scale)}`;
}

/** A date is the beginning of a moment; digits of a second that the column does not have are cut off; integers count seconds. */
function fitMoment(value: string, type: ColumnType): string {
  switch (type.kind) {
    case 'date':
      return value.slice(0, 10);
    case 'timestamp': {
      const zone = type.withZone && value.length > 10 ? '+00' : '';
      const [seconds = '', fraction = ''] = value.split('.');
      return type.precision === 0 || fraction === ''
        ? `${seconds}${zone}`
        : `${seconds}.${fraction.slice(0, type.precision)}${zone}`;
    }
    case 'integer':
      return (secondsOf(value) ?? value).toString();
    default:
      return value;
  }
}
