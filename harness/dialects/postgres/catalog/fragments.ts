/**
 * SQL that many kinds share. Every function takes and gives SQL text.
 */
import { readGrants } from './grants.ts';
import type { AttributeSpec } from './kind.ts';
import { compareText } from '../../../core/text.ts';

/** The first OID that is not of the system itself. */
export const FIRST_USER_OID = 16384;

/** `KindSpec.where` of relations, types and routines, which every look lists: `r` and a `relkind`, `t` and a `typtype`, or `p`. */
export function anyListed(...sorts: readonly string[]): string {
  return `${LISTED}${sorts.join(LISTED)}`;
}

/** Stands before each sort in what `anyListed` gives. */
export const LISTED = '@';

/** `KindSpec.where` of objects that are rows of one catalog: those that people made. */
export function anyOf(catalog: string, condition = 'true'): string {
  return `${catalog} any_of WHERE any_of.oid >= ${FIRST_USER_OID} AND ${condition}`;
}

/** `yes` or `no`. */
export function yesNo(condition: string): string {
  return `CASE WHEN ${condition} THEN 'yes' ELSE 'no' END`;
}

/** Words for the values of a one-letter column; other values stay as they are. */
export function words(column: string, meanings: Readonly<Record<string, string>>): string {
  const branches = Object.entries(meanings).map(([letter, word]) => `WHEN '${letter}' THEN '${word}'`);
  return `CASE ${column} ${branches.join(' ')} ELSE ${column}::text END`;
}

/** The comment on an object of the catalog `classOf` that people made; `subId` is a column's number. */
export function comment(classOf: string, oid: string, subId = '0'): AttributeSpec {
  return {
    sql: commentSql(classOf, oid, subId),
    where: `pg_description WHERE objoid >= ${FIRST_USER_OID}`,
  };
}

/** The same as SQL. Few objects have a comment, so the common table `commented` is asked first: as a hash it costs a fraction of an index scan. */
export function commentSql(classOf: string, oid: string, subId = '0'): string {
  return `CASE WHEN (${oid}, ${subId}::int4) IN (SELECT objoid, objsubid FROM commented) THEN ${anyComment(classOf, oid, subId)} END`;
}

/** As `commentSql`, for objects that may be the system's own, like the schema `public`. */
export function anyComment(classOf: string, oid: string, subId = '0'): string {
  return `(SELECT dsc.description FROM pg_description dsc WHERE dsc.objoid = ${oid} AND dsc.classoid = '${classOf}'::regclass AND dsc.objsubid = ${subId})`;
}

/** The definition of `commented`. */
export const COMMENTED_CTE = `SELECT dsc.objoid, dsc.objsubid FROM pg_description dsc WHERE dsc.objoid >= ${FIRST_USER_OID}`;

/** The comment on an object that all databases of the server share. */
export function sharedComment(classOf: string, oid: string): string {
  return `(SELECT dsc.description FROM pg_shdescription dsc WHERE dsc.objoid = ${oid} AND dsc.classoid = '${classOf}'::regclass)`;
}

/** A role's name. */
export function role(oid: string): string {
  return `pg_get_userbyid(${oid})`;
}

/** The privileges of an object where they are not what its owner has by default; `objectType` is the letter that acldefault() takes. */
export function grants(objectType: string, acl: string, owner: string): AttributeSpec {
  return {
    sql: `CASE WHEN ${acl} IS NOT NULL THEN array_to_string(${acl}, E'\\n') || E'\\f' || array_to_string(acldefault('${objectType}', ${owner}), E'\\n') END`,
    read: readGrants,
  };
}

/** The elements of a text array in code unit order: options that mean the same in any order. */
export function sortedList(array: string): Exclude<AttributeSpec, string> {
  return { sql: `array_to_string(${array}, E'\\n')`, read: (raw) => raw.split('\n').toSorted(compareText).join(', ') };
}

/** True where the object was not made by CREATE EXTENSION (`e`) nor, if asked, as a part of another object (`i`). */
export function standsAlone(classOf: string, oid: string, kinds: 'e' | 'ei' = 'e'): string {
  const isNoMember = `${oid} NOT IN (SELECT dep.objid FROM pg_depend dep
    WHERE dep.refclassid = 'pg_extension'::regclass AND dep.deptype = 'e' AND dep.classid = '${classOf}'::regclass)`;
  if (kinds === 'e') return isNoMember;
  return `${isNoMember} AND NOT EXISTS (SELECT FROM pg_depend dep WHERE dep.classid = '${classOf}'::regclass AND dep.objid = ${oid} AND dep.deptype = 'i')`;
}

/** A schema and name in it as SQL text, for use inside attributes. */
export function qualified(schema: string, name: string): string {
  return `quote_ident(${schema}) || '.' || quote_ident(${name})`;
}

/** A relation's schema and name as SQL text, looked up by OID. */
export function relationName(oid: string): string {
  return `(SELECT ${qualified('rn.nspname', 'rc.relname')} FROM pg_class rc JOIN pg_namespace rn ON rn.oid = rc.relnamespace WHERE rc.oid = ${oid})`;
}

/** A routine as `schema.name(types)`; NULL for OID 0. */
export function routineName(oid: string): string {
  return `CASE WHEN ${oid} <> 0 THEN ${oid}::oid::regprocedure::text END`;
}

/** A collation's schema and name as SQL text; NULL for OID 0. */
export function collationName(oid: string): string {
  return `(SELECT ${qualified('cn.nspname', 'co.collname')} FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = ${oid})`;
}

/** Attributes' `where`: tables that inherit from another or are partitions. */
export const ANY_INHERITANCE = 'pg_inherits';

/** Words for the states of triggers, rules and event triggers. */
export const TRIGGER_STATES = { O: 'enabled', D: 'disabled', R: 'on replicas', A: 'always' } as const;
