/**
 * Types that people define: enums, domains, composite, range and base types, and collations.
 */
import {
  anyListed,
  anyOf,
  collationName,
  comment,
  commentSql,
  FIRST_USER_OID,
  grants,
  qualified,
  role,
  routineName,
  standsAlone,
  words,
  yesNo,
} from './fragments.ts';
import type { AttributeSpec, KindSpec } from './kind.ts';

/** Rows of types of one sort; `condition` may use `t`. */
function typesWhere(condition: string): string {
  return `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid >= ${FIRST_USER_OID} AND ${condition} AND n.nspname !~ '^pg_' AND ${standsAlone('pg_type', 't.oid')}`;
}

const NAME = ['n.nspname', 't.typname'];

const COMMON: Readonly<Record<string, AttributeSpec>> = {
  owner: role('t.typowner'),
  grants: grants('T', 't.typacl', 't.typowner'),
  comment: comment('pg_type', 't.oid'),
};

const ENUMS: KindSpec = {
  kind: `'enum'`,
  where: anyListed('te'),
  name: NAME,
  from: typesWhere(`t.typtype = 'e'`),
  attributes: {
    ...COMMON,
    'label order': `(SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid)`,
  },
};

function domains(major: number): KindSpec {
  return {
    kind: `'domain'`,
    where: anyListed('td'),
    name: NAME,
    from: typesWhere(`t.typtype = 'd'`),
    attributes: {
      ...COMMON,
      type: 'format_type(t.typbasetype, t.typtypmod)',
      collation: `CASE WHEN t.typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype) THEN ${collationName('t.typcollation')} END`,
      'not null': yesNo('t.typnotnull'),
      ...(major >= 17 && {
        'not null comment': `(SELECT ${commentSql('pg_constraint', 'k.oid')} FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n')`,
      }),
      default: 't.typdefault',
    },
    ...(major >= 17 && {
      notes: {
        'not null constraint name': `(SELECT k.conname FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n')`,
      },
    }),
  };
}

const DOMAIN_CONSTRAINTS: KindSpec = {
  kind: `'domain constraint'`,
  where: anyListed('td'),
  name: ['n.nspname', 't.typname', 'k.conname'],
  from: `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'
    WHERE t.oid >= ${FIRST_USER_OID} AND t.typtype = 'd' AND n.nspname !~ '^pg_' AND ${standsAlone('pg_type', 't.oid')}`,
  attributes: {
    definition: { sql: 'pg_get_constraintdef(k.oid)', read: (raw) => raw.replace(/ NOT VALID$/, '') },
    validated: yesNo('k.convalidated'),
    comment: comment('pg_constraint', 'k.oid'),
  },
};

const COMPOSITES: KindSpec = {
  kind: `'composite type'`,
  where: anyListed('tc'),
  name: NAME,
  from: typesWhere(`t.typtype = 'c' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c'`),
  attributes: {
    ...COMMON,
    fields: `(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attcollation <> ft.typcollation THEN ' COLLATE ' || ${collationName('a.attcollation')} ELSE '' END, ', ' ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type ft ON ft.oid = a.atttypid WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)`,
    'field comments': `(SELECT string_agg(quote_ident(a.attname) || ': ' || o.description, '; ' ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_description o ON o.objoid = t.typrelid AND o.classoid = 'pg_class'::regclass AND o.objsubid = a.attnum
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)`,
  },
};

const RANGES: KindSpec = {
  kind: `'range type'`,
  where: anyListed('tr'),
  name: NAME,
  from: typesWhere(`t.typtype = 'r'`),
  attributes: {
    ...COMMON,
    definition: `(SELECT concat_ws(', ', 'subtype ' || format_type(r.rngsubtype, NULL),
        'subtype_opclass ' || (SELECT ${qualified('n2.nspname', 'oc.opcname')} FROM pg_opclass oc JOIN pg_namespace n2 ON n2.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc),
        'collation ' || ${collationName('r.rngcollation')}, 'canonical ' || ${routineName('r.rngcanonical')}, 'subtype_diff ' || ${routineName('r.rngsubdiff')},
        'multirange ' || format_type(r.rngmultitypid, NULL))
      FROM pg_range r WHERE r.rngtypid = t.oid)`,
  },
};

const BASE_TYPES: KindSpec = {
  kind: `CASE t.typtype WHEN 'p' THEN 'shell type' ELSE 'base type' END`,
  where: anyListed('tb', 'tp'),
  name: NAME,
  from: typesWhere(
    `t.typtype IN ('b', 'p') AND NOT EXISTS (SELECT FROM pg_type element WHERE element.oid = t.typelem AND element.typarray = t.oid)`,
  ),
  attributes: {
    ...COMMON,
    definition: `CASE t.typtype WHEN 'b' THEN concat_ws(', ', 'input ' || t.typinput::oid::regprocedure, 'output ' || t.typoutput::oid::regprocedure,
      'receive ' || ${routineName('t.typreceive')}, 'send ' || ${routineName('t.typsend')}, 'typmod_in ' || ${routineName('t.typmodin')}, 'typmod_out ' || ${routineName('t.typmodout')},
      'analyze ' || ${routineName('t.typanalyze')}, 'length ' || t.typlen, 'by value ' || t.typbyval, 'alignment ' || t.typalign::text, 'storage ' || t.typstorage::text,
      'category ' || t.typcategory::text, 'preferred ' || t.typispreferred, 'default ' || t.typdefault, 'element ' || format_type(NULLIF(t.typelem, 0), NULL), 'delimiter ' || t.typdelim::text,
      'collatable ' || (t.typcollation <> 0)) END`,
  },
};

function collations(major: number): KindSpec {
  const locale = major >= 17 ? 'c.colllocale' : major >= 15 ? 'c.colliculocale' : 'NULL';
  return {
    kind: `'collation'`,
    where: anyOf('pg_collation'),
    name: ['n.nspname', 'c.collname'],
    from: `pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_collation', 'c.oid')}`,
    attributes: {
      owner: role('c.collowner'),
      comment: comment('pg_collation', 'c.oid'),
      provider: words('c.collprovider', { c: 'libc', i: 'icu', b: 'builtin', d: 'default' }),
      locale: `concat_ws(', ', c.collcollate, c.collctype, ${locale})`,
      deterministic: yesNo('c.collisdeterministic'),
      ...(major >= 16 && { rules: 'c.collicurules' }),
    },
  };
}

/** Enums, domains with their constraints, composite, range and base types, collations. */
export function typeKinds(major: number): readonly KindSpec[] {
  return [ENUMS, domains(major), DOMAIN_CONSTRAINTS, COMPOSITES, RANGES, BASE_TYPES, collations(major)];
}
