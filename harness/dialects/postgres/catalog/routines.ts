/**
 * Functions, procedures, aggregates, and what is built from them: operators, operator classes, casts, conversions, languages, access methods, transforms.
 */
import {
  anyListed,
  anyOf,
  comment,
  FIRST_USER_OID,
  grants,
  qualified,
  role,
  routineName,
  sortedList,
  standsAlone,
  words,
  yesNo,
} from './fragments.ts';
import type { KindSpec } from './kind.ts';

const AGGREGATE = `(SELECT concat_ws(', ', 'sfunc ' || g.aggtransfn::oid::regprocedure, 'stype ' || format_type(g.aggtranstype, NULL), 'sspace ' || NULLIF(g.aggtransspace, 0),
    'finalfunc ' || ${routineName('g.aggfinalfn')}, 'finalfunc_extra ' || NULLIF(g.aggfinalextra, false), 'finalfunc_modify ' || g.aggfinalmodify::text,
    'combinefunc ' || ${routineName('g.aggcombinefn')}, 'serialfunc ' || ${routineName('g.aggserialfn')}, 'deserialfunc ' || ${routineName('g.aggdeserialfn')},
    'initcond ' || quote_literal(g.agginitval), 'msfunc ' || ${routineName('g.aggmtransfn')}, 'minvfunc ' || ${routineName('g.aggminvtransfn')},
    'mstype ' || format_type(NULLIF(g.aggmtranstype, 0), NULL), 'mfinalfunc ' || ${routineName('g.aggmfinalfn')}, 'minitcond ' || quote_literal(g.aggminitval),
    'sortop ' || NULLIF(g.aggsortop, 0)::regoperator, 'kind ' || g.aggkind::text)
  FROM pg_aggregate g WHERE g.aggfnoid = p.oid)`;

const ROUTINES: KindSpec = {
  where: anyListed('p'),
  kind: words('p.prokind', { f: 'function', p: 'procedure', a: 'aggregate', w: 'window function' }),
  name: ['n.nspname', 'p.proname'],
  suffix: `'(' || pg_get_function_identity_arguments(p.oid) || ')'`,
  from: `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid >= ${FIRST_USER_OID} AND n.nspname !~ '^pg_' AND ${standsAlone('pg_proc', 'p.oid', 'ei')}`,
  attributes: {
    owner: role('p.proowner'),
    grants: grants('f', 'p.proacl', 'p.proowner'),
    comment: comment('pg_proc', 'p.oid'),
    arguments: 'pg_get_function_arguments(p.oid)',
    returns: 'pg_get_function_result(p.oid)',
    language: '(SELECT l.lanname FROM pg_language l WHERE l.oid = p.prolang)',
    body: `CASE WHEN p.prokind = 'a' THEN ${AGGREGATE} WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) ELSE p.prosrc END`,
    'object file': 'p.probin',
    volatility: words('p.provolatile', { i: 'immutable', s: 'stable', v: 'volatile' }),
    security: `CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END`,
    strict: yesNo('p.proisstrict'),
    leakproof: yesNo('p.proleakproof'),
    parallel: words('p.proparallel', { s: 'safe', r: 'restricted', u: 'unsafe' }),
    cost: 'p.procost',
    rows: 'NULLIF(p.prorows, 0)',
    settings: sortedList('p.proconfig'),
    'support function': routineName('p.prosupport'),
    transforms: `(SELECT string_agg(format_type(x.type, NULL), ', ' ORDER BY x.n) FROM unnest(p.protrftypes) WITH ORDINALITY x(type, n))`,
  },
};

const OPERATORS: KindSpec = {
  kind: `'operator'`,
  where: anyOf('pg_operator'),
  name: [],
  suffix: `quote_ident(n.nspname) || '.' || o.oprname || ' (' || CASE o.oprleft WHEN 0 THEN 'none' ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL) || ')'`,
  from: `pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_operator', 'o.oid')}`,
  attributes: {
    owner: role('o.oprowner'),
    comment: comment('pg_operator', 'o.oid'),
    function: routineName('o.oprcode'),
    commutator: 'NULLIF(o.oprcom, 0)::regoperator',
    negator: 'NULLIF(o.oprnegate, 0)::regoperator',
    'restriction estimator': routineName('o.oprrest'),
    'join estimator': routineName('o.oprjoin'),
    merges: yesNo('o.oprcanmerge'),
    hashes: yesNo('o.oprcanhash'),
  },
};

const OPERATOR_FAMILIES: KindSpec = {
  kind: `'operator family'`,
  where: anyOf('pg_opfamily'),
  name: [],
  suffix: `${qualified('n.nspname', 'f.opfname')} || ' USING ' || am.amname`,
  from: `pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am am ON am.oid = f.opfmethod
    WHERE f.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_opfamily', 'f.oid')}`,
  attributes: {
    owner: role('f.opfowner'),
    comment: comment('pg_opfamily', 'f.oid'),
    operators: `(SELECT string_agg(m.amopstrategy || ' ' || m.amopopr::regoperator || ' ' || m.amoppurpose::text, ', ' ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE "C")
      FROM pg_amop m WHERE m.amopfamily = f.oid)`,
    functions: `(SELECT string_agg(m.amprocnum || ' ' || m.amproc::oid::regprocedure, ', ' ORDER BY m.amprocnum, m.amproc::oid::regprocedure::text COLLATE "C")
      FROM pg_amproc m WHERE m.amprocfamily = f.oid)`,
  },
};

const OPERATOR_CLASSES: KindSpec = {
  kind: `'operator class'`,
  where: anyOf('pg_opclass'),
  name: [],
  suffix: `${qualified('n.nspname', 'c.opcname')} || ' USING ' || am.amname`,
  from: `pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am am ON am.oid = c.opcmethod
    WHERE c.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_opclass', 'c.oid')}`,
  attributes: {
    owner: role('c.opcowner'),
    comment: comment('pg_opclass', 'c.oid'),
    type: 'format_type(c.opcintype, NULL)',
    'stored type': 'format_type(NULLIF(c.opckeytype, 0), NULL)',
    default: yesNo('c.opcdefault'),
    family: `(SELECT ${qualified('fn.nspname', 'f.opfname')} FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = c.opcfamily)`,
  },
};

const CASTS: KindSpec = {
  kind: `'cast'`,
  where: anyOf('pg_cast'),
  name: [],
  suffix: `format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL)`,
  from: `pg_cast c WHERE c.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_cast', 'c.oid', 'ei')}`,
  attributes: {
    method: words('c.castmethod', { f: 'function', i: 'inout', b: 'binary' }),
    function: routineName('c.castfunc'),
    context: words('c.castcontext', { e: 'explicit', a: 'assignment', i: 'implicit' }),
    comment: comment('pg_cast', 'c.oid'),
  },
};

const CONVERSIONS: KindSpec = {
  kind: `'conversion'`,
  where: anyOf('pg_conversion'),
  name: ['n.nspname', 'c.conname'],
  from: `pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_conversion', 'c.oid')}`,
  attributes: {
    owner: role('c.conowner'),
    comment: comment('pg_conversion', 'c.oid'),
    definition: `pg_encoding_to_char(c.conforencoding) || ' to ' || pg_encoding_to_char(c.contoencoding) || ' by ' || c.conproc::oid::regprocedure`,
    default: yesNo('c.condefault'),
  },
};

const LANGUAGES: KindSpec = {
  kind: `'language'`,
  where: anyOf('pg_language'),
  name: ['l.lanname'],
  from: `pg_language l WHERE l.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_language', 'l.oid')}`,
  attributes: {
    owner: role('l.lanowner'),
    grants: grants('l', 'l.lanacl', 'l.lanowner'),
    comment: comment('pg_language', 'l.oid'),
    trusted: yesNo('l.lanpltrusted'),
    definition: `concat_ws(', ', 'handler ' || ${routineName('l.lanplcallfoid')}, 'inline ' || ${routineName('l.laninline')}, 'validator ' || ${routineName('l.lanvalidator')})`,
  },
};

const ACCESS_METHODS: KindSpec = {
  kind: `'access method'`,
  where: anyOf('pg_am'),
  name: ['a.amname'],
  from: `pg_am a WHERE a.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_am', 'a.oid')}`,
  attributes: {
    type: words('a.amtype', { i: 'index', t: 'table' }),
    handler: 'a.amhandler::oid::regprocedure',
    comment: comment('pg_am', 'a.oid'),
  },
};

const TRANSFORMS: KindSpec = {
  kind: `'transform'`,
  where: anyOf('pg_transform'),
  name: [],
  suffix: `format_type(t.trftype, NULL) || ' LANGUAGE ' || (SELECT quote_ident(l.lanname) FROM pg_language l WHERE l.oid = t.trflang)`,
  from: `pg_transform t WHERE t.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_transform', 't.oid')}`,
  attributes: {
    'from SQL': routineName('t.trffromsql'),
    'to SQL': routineName('t.trftosql'),
    comment: comment('pg_transform', 't.oid'),
  },
};

/** Routines and everything that is made of them. */
export const ROUTINE_KINDS: readonly KindSpec[] = [
  ROUTINES,
  OPERATORS,
  OPERATOR_FAMILIES,
  OPERATOR_CLASSES,
  CASTS,
  CONVERSIONS,
  LANGUAGES,
  ACCESS_METHODS,
  TRANSFORMS,
];
