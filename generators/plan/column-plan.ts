/** What generation needs to know of a column, worked out once for a model. */
import type * as fc from 'fast-check';
import type { DialectName } from '../../harness/core/migration.ts';
import type { Column, ColumnType, Table } from '../../harness/core/schema.ts';
import type { ValueArbitraries } from '../values/arbitraries.ts';
import { canonicalizer } from '../values/canonical.ts';
import { formatRange } from '../values/containers.ts';
import { hasTellingName, humanArbitrary } from '../values/human.ts';
import { scaleOf, type Scale } from '../values/scale.ts';
import { storageOf, type Storage } from '../values/storage.ts';
import { valueArbitraries } from '../values/value.ts';

export interface ColumnPlan {
  readonly index: number;
  readonly column: Column;
  readonly storage: Storage;
  /** Null: no generator, and no override. */
  readonly values: ValueArbitraries | null;
  readonly human: fc.Arbitrary<string> | null;
  /** Percent of human-looking values whatever the mood; null: the mood decides. Triggers parse and derive from what columns are called after. */
  readonly humanShare: number | null;
  /** Cells that the user's own arbitrary gives, as inner text; null: there is none. */
  readonly override: fc.Arbitrary<string | null> | null;
  readonly scale: Scale | null;
  readonly canonical: (text: string) => string;
  /** NULL is allowed by the column and its domain. */
  readonly isNullable: boolean;
  /** False for generated columns and for types without a generator. */
  readonly isGivable: boolean;
  /** Small distinct integers make good keys. */
  readonly prefersSmall: boolean;
  /** For range columns: a range at the `place`th of disjoint places, each `steps` steps wide. */
  readonly placedRange: ((place: bigint, steps: bigint) => string) | null;
}

const SHARE_UNDER_TRIGGERS = 93;

/** Makes the plan of one column. */
export function planColumn(
  dialect: DialectName,
  table: Table,
  column: Column,
  index: number,
  override: fc.Arbitrary<string | null> | null,
): ColumnPlan {
  const storage = storageOf(dialect, column);
  const offered = valueArbitraries(storage.type);
  const values = offered === null ? null : admitted(offered, storage);
  return {
    index,
    column,
    storage,
    values,
    human: humanArbitrary(table.name, column.name, storage.type),
    humanShare:
      table.triggers.length > 0 && hasTellingName(table.name, column.name, storage.type) ? SHARE_UNDER_TRIGGERS : null,
    override,
    scale: scaleOf(storage.type),
    canonical: canonicalizer(storage.type),
    isNullable: column.isNullable && !isNotNullDomain(storage.type) && !table.primaryKey.includes(column.name),
    isGivable: column.generated === null && (values !== null || override !== null),
    prefersSmall: isSmallKey(table, column, storage.type),
    placedRange: rangePlacer(storage.type),
  };
}

/** On PostgreSQL every text of the type is admitted, so the arbitraries are used as they are. */
function admitted(values: ValueArbitraries, storage: Storage): ValueArbitraries {
  const fallback = values.simplest.find((text) => storage.admits(text)) ?? '0';
  const keep = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    arbitrary.map((text) => (storage.admits(text) ? text : fallback));
  const isFiltered = !storage.admits('NaN') || !storage.admits('infinity');
  if (!isFiltered) return values;
  return {
    simplest: values.simplest.filter((text) => storage.admits(text)),
    edges: keep(values.edges),
    plain: keep(values.plain),
  };
}

function rangePlacer(type: ColumnType): ColumnPlan['placedRange'] {
  const base = baseType(type);
  const scale = base.kind === 'range' ? scaleOf(base.element) : null;
  if (base.kind !== 'range' || scale === null) return null;
  return (place, steps) => {
    const from = scale.usual.min + place * steps * scale.step;
    const range = formatRange(scale, from, from + (steps - 1n) * scale.step);
    return base.isMulti ? `{${range}}` : range;
  };
}

function isNotNullDomain(type: ColumnType): boolean {
  return type.kind === 'domain' && (type.isNotNull || isNotNullDomain(type.base));
}

function isSmallKey(table: Table, column: Column, type: ColumnType): boolean {
  if (baseType(type).kind !== 'integer') return false;
  return (
    column.isAutoNumbered ||
    column.identity !== null ||
    (table.primaryKey.length === 1 && table.primaryKey[0] === column.name)
  );
}

/** The type behind domains. */
export function baseType(type: ColumnType): ColumnType {
  return type.kind === 'domain' ? baseType(type.base) : type;
}
