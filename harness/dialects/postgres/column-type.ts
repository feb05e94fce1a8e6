/**
 * From a type's OID and modifier to the `ColumnType` that generators know. What has no generator is `unsupported`, by its name.
 */
import type { ColumnType } from '../../core/schema.ts';
import { decodeBuiltIn } from './column-type-builtin.ts';
import type { TypeFacts } from './introspect/facts.ts';
import { quoteQualified } from './quote.ts';

/** A use of a type: by a column, an array, a field or a domain. */
export interface TypeUse {
  readonly type: number;
  /** The type modifier (`pg_attribute.atttypmod`); -1: none. */
  readonly modifier: number;
  /** Whether its collation tells different text apart; null: no collation. */
  readonly isDeterministic: boolean | null;
}

export type TypesByOid = ReadonlyMap<number, TypeFacts>;

/** The type of a column. Domains, arrays, ranges and composite types are followed down to what they are made of. */
export function columnType(use: TypeUse, types: TypesByOid): ColumnType {
  const facts = types.get(use.type);
  if (facts === undefined) return { kind: 'unsupported', name: `type ${use.type}` };
  if (facts.extension !== null) return extensionType(facts, use, types);
  if (facts.element !== null) {
    return made(facts, columnType({ ...use, type: facts.element }, types), (element) => ({ kind: 'array', element }));
  }
  return ofSort(facts, use, types);
}

function ofSort(facts: TypeFacts, use: TypeUse, types: TypesByOid): ColumnType {
  const name = quoteQualified(facts.schema, facts.name);
  switch (facts.sort) {
    case 'e':
      return { kind: 'enum', name, labels: facts.labels ?? [] };
    case 'd':
      return made(facts, columnType(domainBase(facts, use), types), (base) => ({
        kind: 'domain',
        name,
        base,
        isNotNull: facts.isNotNull,
        checks: facts.checks ?? [],
      }));
    case 'r':
    case 'm': {
      const subtype = { type: facts.subtype ?? 0, modifier: -1, isDeterministic: facts.isDeterministic };
      const isDiscrete = facts.isDiscrete ?? false;
      return made(facts, columnType(subtype, types), (element) => ({
        kind: 'range',
        element,
        isMulti: facts.sort === 'm',
        isDiscrete,
      }));
    }
    case 'c': {
      const fields = (facts.fields ?? []).map((field) => ({ name: field.name, type: columnType(field, types) }));
      const isUnsupported = fields.some((field) => field.type.kind === 'unsupported');
      return isUnsupported ? { kind: 'unsupported', name } : { kind: 'composite', name, fields };
    }
    case 'b':
    case 'p':
    default:
      return facts.schema === 'pg_catalog' ? decodeBuiltIn(facts.name, use) : { kind: 'unsupported', name };
  }
}

/** A domain's own collation holds unless the column chose another; the modifier is always the domain's. */
function domainBase(facts: TypeFacts, use: TypeUse): TypeUse {
  return {
    type: facts.base,
    modifier: facts.baseModifier,
    isDeterministic: use.isDeterministic ?? facts.isDeterministic,
  };
}

/** A type around another one, which is as unsupported as that one. */
function made(facts: TypeFacts, inner: ColumnType, wrap: (inner: ColumnType) => ColumnType): ColumnType {
  return inner.kind === 'unsupported'
    ? { kind: 'unsupported', name: quoteQualified(facts.schema, facts.name) }
    : wrap(inner);
}

function extensionType(facts: TypeFacts, use: TypeUse, types: TypesByOid): ColumnType {
  if (facts.element !== null) {
    return made(facts, columnType({ ...use, type: facts.element }, types), (element) => ({ kind: 'array', element }));
  }
  if (facts.extension === 'citext' && facts.name === 'citext') {
    return { kind: 'text', maxLength: null, fixed: false, caseInsensitive: true };
  }
  if (facts.extension === 'hstore' && facts.name === 'hstore') return { kind: 'hstore' };
  if (facts.extension === 'ltree' && facts.name === 'ltree') return { kind: 'ltree' };
  // Domains, enums and composite types of an extension are as plain as anyone's.
  if (facts.sort !== 'b') return ofSort({ ...facts, extension: null }, use, types);
  return { kind: 'unsupported', name: quoteQualified(facts.schema, facts.name) };
}

/** What a column that is left out gets where it has no default of its own: the default of its domain, or of that one's base. */
export function domainDefault(type: number, types: TypesByOid): string | null {
  const facts = types.get(type);
  return facts?.sort !== 'd' ? null : (facts.defaultSql ?? domainDefault(facts.base, types));
}

/** Whether the type itself refuses NULL: a domain, or a domain over one, that is NOT NULL. */
export function refusesNull(type: ColumnType): boolean {
  return type.kind === 'domain' && (type.isNotNull || refusesNull(type.base));
}
