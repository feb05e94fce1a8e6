/**
 * Constraints, indexes and statistics objects. A constraint's index is not listed as an index: what can be altered about it is part of the constraint.
 */
import {
  anyOf,
  ANY_INHERITANCE,
  comment,
  FIRST_USER_OID,
  relationName,
  role,
  sortedList,
  standsAlone,
  TRIGGER_STATES,
  words,
  yesNo,
} from './fragments.ts';
import type { AttributeSpec, KindSpec } from './kind.ts';
import { tablespace } from './relations.ts';

/** What is said about an index `x` (pg_index) and its relation `i` (pg_class), whether it stands alone or serves a constraint. */
function indexState(major: number): Readonly<Record<string, AttributeSpec>> {
  const targets = major >= 17 ? 'ia.attstattarget IS NOT NULL' : 'ia.attstattarget >= 0';
  return {
    valid: yesNo('x.indisvalid'),
    ready: yesNo('x.indisready'),
    live: yesNo('x.indislive'),
    'replica identity': yesNo('x.indisreplident'),
    clustered: yesNo('x.indisclustered'),
    tablespace: tablespace('i.reltablespace'),
    'statistics targets': {
      sql: `CASE WHEN x.indexprs IS NOT NULL THEN (SELECT string_agg(ia.attnum || ': ' || ia.attstattarget, ', ' ORDER BY ia.attnum) FROM pg_attribute ia WHERE ia.attrelid = i.oid AND ${targets}) END`,
      where: `pg_index WHERE indexrelid >= ${FIRST_USER_OID} AND indexprs IS NOT NULL`,
    },
  };
}

/** Null for constraints without an index. */
function indexOfConstraint(major: number): Record<string, AttributeSpec> {
  return Object.fromEntries(
    Object.entries(indexState(major)).map(([name, spec]) => [
      `index ${name}`,
      typeof spec === 'string' ? whereIndexed(spec) : { ...spec, sql: whereIndexed(spec.sql) },
    ]),
  );
}

function whereIndexed(sql: string): string {
  return `CASE WHEN x.indexrelid IS NOT NULL THEN ${sql} END`;
}

/** Ends of a constraint's definition that have attributes of their own. */
const SUFFIXES = /(?: NO INHERIT| DEFERRABLE| INITIALLY DEFERRED| NOT ENFORCED| NOT VALID)+$/;

const INHERITED = `CASE WHEN k.conparentid <> 0 THEN 'from the partitioned table' WHEN k.coninhcount > 0 THEN CASE WHEN k.conislocal THEN 'inherited and local' ELSE 'inherited' END END`;

/** The internal triggers, which carry constraints out, that do not. */
export const SILENCED_TRIGGERS = `pg_trigger WHERE tgisinternal AND tgenabled <> 'O'`;

/** Which of a constraint's do not; NULL: all do. */
const SILENCED = `(SELECT 'no: ' || string_agg(s.state, ', ' ORDER BY s.state) FROM (
    SELECT DISTINCT ${words('g.tgenabled', TRIGGER_STATES)} || CASE WHEN k.contype <> 'f' THEN '' WHEN g.tgrelid = k.conrelid THEN ' on the referencing table' ELSE ' on the referenced table' END AS state
    FROM pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O') s)`;

function constraints(major: number): KindSpec {
  return {
    kind: words('k.contype', {
      p: 'primary key',
      u: 'unique constraint',
      f: 'foreign key',
      c: 'check constraint',
      x: 'exclusion constraint',
    }),
    name: ['rel.nspname', 'rel.relname', 'k.conname'],
    belongsToTable: true,
    isOfRelation: true,
    // A key that refers to a partitioned table has a row of its own for each partition: parts of the machinery.
    from: `rel JOIN pg_constraint k ON k.conrelid = rel.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')
      LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
      LEFT JOIN pg_class i ON i.oid = x.indexrelid
      WHERE NOT (k.contype = 'f' AND k.conparentid <> 0 AND EXISTS (SELECT FROM pg_constraint kp WHERE kp.oid = k.conparentid AND kp.conrelid = k.conrelid))`,
    attributes: {
      definition: { sql: 'pg_get_constraintdef(k.oid)', read: (raw) => raw.replace(SUFFIXES, '') },
      validated: yesNo('k.convalidated'),
      deferrable: `CASE WHEN k.condeferred THEN 'initially deferred' WHEN k.condeferrable THEN 'initially immediate' ELSE 'no' END`,
      'no inherit': `CASE WHEN k.contype = 'c' THEN ${yesNo('k.connoinherit')} END`,
      ...(major >= 18 && { enforced: yesNo('k.conenforced') }),
      'enforced by triggers': {
        sql: `CASE WHEN k.contype = 'f' THEN COALESCE(${SILENCED}, 'yes') WHEN k.condeferrable THEN ${SILENCED} END`,
        where: SILENCED_TRIGGERS,
        otherwise: `CASE WHEN k.contype = 'f' THEN 'yes' END`,
      },
      inherited: INHERITED,
      comment: comment('pg_constraint', 'k.oid'),
      ...indexOfConstraint(major),
      'index options': sortedList('i.reloptions'),
      'index comment': comment('pg_class', 'i.oid'),
    },
  };
}

function indexes(major: number): KindSpec {
  return {
    kind: `'index'`,
    name: ['rel.nspname', 'i.relname'],
    table: ['rel.nspname', 'rel.relname'],
    isOfRelation: true,
    from: `rel JOIN pg_index x ON x.indrelid = rel.oid JOIN pg_class i ON i.oid = x.indexrelid
      WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = x.indrelid AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))`,
    attributes: {
      definition: 'pg_get_indexdef(x.indexrelid)',
      ...indexState(major),
      'part of': {
        sql: `CASE WHEN i.relispartition THEN (SELECT ${relationName('h.inhparent')} FROM pg_inherits h WHERE h.inhrelid = x.indexrelid) END`,
        where: ANY_INHERITANCE,
      },
      comment: comment('pg_class', 'i.oid'),
    },
  };
}

function statistics(major: number): KindSpec {
  return {
    kind: `'statistics object'`,
    where: anyOf('pg_statistic_ext'),
    name: ['n.nspname', 's.stxname'],
    table: ['tn.nspname', 'tc.relname'],
    from: `pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN pg_class tc ON tc.oid = s.stxrelid
      JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE ${standsAlone('pg_statistic_ext', 's.oid')}`,
    attributes: {
      definition: 'pg_get_statisticsobjdef(s.oid)',
      owner: role('s.stxowner'),
      'statistics target': major >= 17 ? 's.stxstattarget' : 'NULLIF(s.stxstattarget, -1)',
      comment: comment('pg_statistic_ext', 's.oid'),
    },
  };
}

const TRIGGERS: KindSpec = {
  kind: `'trigger'`,
  where: anyOf('pg_trigger', 'NOT any_of.tgisinternal'),
  name: ['rel.nspname', 'rel.relname', 'g.tgname'],
  belongsToTable: true,
  isOfRelation: true,
  // A partition's copy of a trigger is listed only where it was switched on or off by itself.
  from: `rel JOIN pg_trigger g ON g.tgrelid = rel.oid LEFT JOIN pg_trigger gp ON gp.oid = g.tgparentid
    WHERE CASE WHEN g.tgparentid = 0 THEN NOT g.tgisinternal ELSE g.tgconstraint = 0 AND g.tgenabled <> gp.tgenabled END`,
  attributes: {
    definition: 'pg_get_triggerdef(g.oid)',
    state: words('g.tgenabled', TRIGGER_STATES),
    comment: comment('pg_trigger', 'g.oid'),
  },
};

const RULES: KindSpec = {
  kind: `'rule'`,
  where: anyOf('pg_rewrite', `any_of.rulename <> '_RETURN'`),
  name: ['rel.nspname', 'rel.relname', 'r.rulename'],
  belongsToTable: true,
  from: `every rel JOIN pg_rewrite r ON r.ev_class = rel.oid WHERE r.rulename <> '_RETURN'`,
  attributes: {
    definition: 'pg_get_ruledef(r.oid)',
    state: words('r.ev_enabled', TRIGGER_STATES),
    comment: comment('pg_rewrite', 'r.oid'),
  },
};

const POLICIES: KindSpec = {
  kind: `'policy'`,
  where: anyOf('pg_policy'),
  name: ['rel.nspname', 'rel.relname', 'p.polname'],
  belongsToTable: true,
  from: 'every rel JOIN pg_policy p ON p.polrelid = rel.oid',
  attributes: {
    permissive: yesNo('p.polpermissive'),
    command: words('p.polcmd', { '*': 'all', r: 'select', a: 'insert', w: 'update', d: 'delete' }),
    roles: `(SELECT string_agg(u.name, ', ' ORDER BY u.name) FROM (SELECT CASE WHEN o = 0 THEN 'PUBLIC' ELSE ${role('o')}::text END COLLATE "C" AS name FROM unnest(p.polroles) o) u)`,
    using: 'pg_get_expr(p.polqual, p.polrelid)',
    'with check': 'pg_get_expr(p.polwithcheck, p.polrelid)',
    comment: comment('pg_policy', 'p.oid'),
  },
};

/** Constraints, indexes, statistics objects, triggers, rules and policies. */
export function tablePartKinds(major: number): readonly KindSpec[] {
  return [constraints(major), indexes(major), statistics(major), TRIGGERS, RULES, POLICIES];
}
