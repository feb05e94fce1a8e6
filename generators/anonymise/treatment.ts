/** What is done to a column: decided by a rule, else guessed from its name and type. */
import type { MaskRule } from '../../harness/core/mask-rule.ts';
import type { ColumnType } from '../../harness/core/schema.ts';
import type { FakeKind } from './fakes.ts';

/** One column's treatment. `typed` masks each value by its type and by what it looks like. */
export type Treatment =
  | {
      readonly how:
        | 'keep'
        | 'null'
        | 'hash'
        | 'shuffle'
        | 'typed'
        | 'format'
        | 'ip'
        | 'iban'
        | 'uuid'
        | 'json'
        | 'shift'
        | 'scramble';
    }
  | { readonly how: 'fake'; readonly kind: FakeKind }
  | { readonly how: 'constant'; readonly value: string }
  | { readonly how: 'shift-per'; readonly per: string }
  | { readonly how: 'scale'; readonly group: string; readonly factor: number | null };

/** A treatment with where it comes from and how a report names it. */
export interface Decision {
  readonly treatment: Treatment;
  readonly by: 'rule' | 'guess';
  /** `email`, `format`, `shift`, …: see docs/datasets.md. */
  readonly kind: string;
}

/** By the words of a column's name; the first that matches wins. What looks like none of these is masked letter by letter. */
const FAKES_BY_NAME: readonly (readonly [RegExp, FakeKind])[] = [
  [/e_?mail(?!_?verified)/, 'email'],
  [/first_?name|given_?name/, 'first-name'],
  [/last_?name|surname|family_?name/, 'last-name'],
  [/user_?name|login|nick|handle/, 'username'],
  [/city|town/, 'city'],
  [/street|(?<!ip_?)address|^addr/, 'address'],
  [/company|organi[sz]ation|vendor|supplier|employer/, 'company'],
  [/(^|_)ur[li]$|website|homepage|avatar|^image$|href/, 'url'],
  [/full_?name|display_?name|contact_?name|^name$/, 'name'],
];

/** The treatment of a rule. */
export function treatmentOf(rule: MaskRule): Decision {
  if (typeof rule === 'string') {
    const by = 'rule';
    switch (rule) {
      case 'text':
      case 'phone':
      case 'format':
        return { by, kind: rule, treatment: { how: 'format' } };
      case 'name':
      case 'first-name':
      case 'last-name':
      case 'username':
      case 'email':
      case 'address':
      case 'city':
      case 'company':
      case 'url':
        return { by, kind: rule, treatment: { how: 'fake', kind: rule } };
      default:
        return { by, kind: rule, treatment: { how: rule } };
    }
  }
  if (rule.kind === 'constant')
    return { by: 'rule', kind: 'constant', treatment: { how: 'constant', value: rule.value } };
  if (rule.kind === 'shift') return { by: 'rule', kind: 'shift', treatment: { how: 'shift-per', per: rule.per } };
  return {
    by: 'rule',
    kind: 'scale',
    treatment: { how: 'scale', group: rule.group ?? 'all', factor: rule.factor ?? null },
  };
}

/** The treatment of a column without a rule. `isKey`: other columns refer to it, or it refers to others. */
export function guess(columnName: string, type: ColumnType, isNullable: boolean): Decision {
  const by = 'guess';
  const kind = kindOfType(type);
  if (kind === null) {
    return isNullable
      ? { by, kind: 'null', treatment: { how: 'null' } }
      : { by, kind: 'refused', treatment: { how: 'null' } };
  }
  if (kind === 'keep') return { by, kind, treatment: { how: 'keep' } };
  const fake = kind === 'format' ? fakeFor(columnName) : null;
  if (fake !== null) return { by, kind: fake, treatment: { how: 'fake', kind: fake } };
  return { by, kind, treatment: { how: 'typed' } };
}

function fakeFor(columnName: string): FakeKind | null {
  const name = columnName.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return FAKES_BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** What masking by type is called; null: nothing is known about the type. */
function kindOfType(type: ColumnType): string | null {
  switch (type.kind) {
    case 'domain':
      return kindOfType(type.base);
    case 'boolean':
    case 'enum':
      return 'keep';
    case 'integer':
    case 'numeric':
    case 'float':
    case 'money':
    case 'geometric':
      return 'scramble';
    case 'date':
    case 'timestamp':
      return 'shift';
    case 'text':
    case 'ltree':
      return 'format';
    case 'sqlite':
      if (/BOOL/.test(type.declared)) return 'keep';
      return type.affinity === 'TEXT' || type.affinity === 'BLOB' ? 'format' : 'scramble';
    case 'array':
      return kindOfType(type.element);
    case 'unsupported':
      return null;
    case 'range':
      return type.element.kind === 'date' || type.element.kind === 'timestamp' ? 'shift' : null;
    case 'network':
      return 'ip';
    case 'textSearch':
    case 'xml':
      return 'text';
    default:
      return type.kind;
  }
}
