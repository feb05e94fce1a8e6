/**
 * What belongs to the database as a whole or to its server: schemas, extensions, roles, settings, default privileges, publications,
 * event triggers, foreign servers, large objects.
 */
import {
  anyOf,
  anyComment,
  comment,
  FIRST_USER_OID,
  grants,
  qualified,
  role,
  routineName,
  sharedComment,
  sortedList,
  standsAlone,
  TRIGGER_STATES,
  words,
  yesNo,
} from './fragments.ts';
import type { AttributeSpec, KindSpec } from './kind.ts';

const DATABASE: KindSpec = {
  kind: `'database'`,
  name: [],
  // The name of a throwaway database says nothing about the schema.
  suffix: `'the database'`,
  from: 'pg_database d WHERE d.datname = current_database()',
  attributes: {
    owner: role('d.datdba'),
    grants: grants('d', 'd.datacl', 'd.datdba'),
    comment: sharedComment('pg_database', 'd.oid'),
    'connection limit': 'NULLIF(d.datconnlimit, -1)',
    'large objects': 'SELECT count(*) FROM pg_largeobject_metadata',
  },
};

const SCHEMAS: KindSpec = {
  kind: `'schema'`,
  name: ['n.nspname'],
  from: `pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ${standsAlone('pg_namespace', 'n.oid')}`,
  attributes: {
    owner: role('n.nspowner'),
    grants: grants('n', 'n.nspacl', 'n.nspowner'),
    comment: anyComment('pg_namespace', 'n.oid'),
  },
};

const EXTENSIONS: KindSpec = {
  kind: `'extension'`,
  name: ['x.extname'],
  from: 'pg_extension x',
  attributes: {
    version: 'x.extversion',
    schema: '(SELECT quote_ident(n.nspname) FROM pg_namespace n WHERE n.oid = x.extnamespace)',
    owner: role('x.extowner'),
    comment: anyComment('pg_extension', 'x.oid'),
  },
};

/** ALTER … DEPENDS ON EXTENSION. */
const EXTENSION_DEPENDENCIES: KindSpec = {
  kind: `'extension dependency'`,
  where: `pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'`,
  name: [],
  suffix: `pg_describe_object(d.classid, d.objid, d.objsubid) || ' on ' || (SELECT quote_ident(x.extname) FROM pg_extension x WHERE x.oid = d.refobjid)`,
  from: `pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'`,
  attributes: {},
};

function roles(major: number): KindSpec {
  const options =
    major >= 16
      ? `CASE WHEN m.admin_option THEN ' with admin' ELSE '' END || CASE WHEN m.inherit_option THEN '' ELSE ' without inherit' END || CASE WHEN m.set_option THEN '' ELSE ' without set' END`
      : `CASE WHEN m.admin_option THEN ' with admin' ELSE '' END`;
  return {
    kind: `'role'`,
    where: anyOf('pg_roles'),
    name: ['r.rolname'],
    from: `pg_roles r WHERE r.oid >= ${FIRST_USER_OID}`,
    attributes: {
      superuser: yesNo('r.rolsuper'),
      inherit: yesNo('r.rolinherit'),
      'create role': yesNo('r.rolcreaterole'),
      'create database': yesNo('r.rolcreatedb'),
      login: yesNo('r.rolcanlogin'),
      replication: yesNo('r.rolreplication'),
      'bypass row security': yesNo('r.rolbypassrls'),
      'connection limit': 'NULLIF(r.rolconnlimit, -1)',
      'valid until': 'r.rolvaliduntil',
      'member of': sortedList(
        `(SELECT array_agg(DISTINCT quote_ident(${role('m.roleid')}) || ${options}) FROM pg_auth_members m WHERE m.member = r.oid)`,
      ),
      comment: sharedComment('pg_authid', 'r.oid'),
    },
  };
}

function settings(options: DatabaseKindOptions): KindSpec {
  const inThisDatabase = '(SELECT d.oid FROM pg_database d WHERE d.datname = current_database())';
  return {
    kind: `'setting'`,
    where: 'pg_db_role_setting',
    name: [],
    suffix: `CASE WHEN s.setrole = 0 THEN 'database' WHEN s.setdatabase = 0 THEN 'role ' || quote_ident(${role('s.setrole')})
    ELSE 'role ' || quote_ident(${role('s.setrole')}) || ' in this database' END || ': ' || split_part(v.assignment, '=', 1)`,
    from: `pg_db_role_setting s, unnest(s.setconfig) v(assignment)
    WHERE ${options.roles ? `s.setdatabase IN (0, ${inThisDatabase})` : `s.setdatabase = ${inThisDatabase}`}`,
    attributes: { value: `substr(v.assignment, strpos(v.assignment, '=') + 1)` },
  };
}

/** Default privileges without a schema replace the built-in ones; those of a schema come on top. */
function defaultPrivileges(): KindSpec {
  const builtIn = `acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)`;
  const acl = grants('r', 'd.defaclacl', 'd.defaclrole') as Exclude<AttributeSpec, string>;
  return {
    kind: `'default privileges'`,
    where: 'pg_default_acl',
    name: [],
    suffix: `'for ' || ${words('d.defaclobjtype', { r: 'tables', S: 'sequences', f: 'functions', T: 'types', n: 'schemas', L: 'large objects' })}
      || ' of ' || quote_ident(${role('d.defaclrole')}) || CASE d.defaclnamespace WHEN 0 THEN '' ELSE ' in ' || (SELECT quote_ident(n.nspname) FROM pg_namespace n WHERE n.oid = d.defaclnamespace) END`,
    from: 'pg_default_acl d',
    attributes: {
      grants: {
        ...acl,
        sql: `array_to_string(d.defaclacl, E'\\n') || E'\\f' || CASE d.defaclnamespace WHEN 0 THEN array_to_string(${builtIn}, E'\\n') ELSE '' END`,
      },
    },
  };
}

const EVENT_TRIGGERS: KindSpec = {
  kind: `'event trigger'`,
  where: anyOf('pg_event_trigger'),
  name: ['e.evtname'],
  from: `pg_event_trigger e WHERE ${standsAlone('pg_event_trigger', 'e.oid')}`,
  attributes: {
    owner: role('e.evtowner'),
    comment: comment('pg_event_trigger', 'e.oid'),
    event: 'e.evtevent',
    tags: sortedList('e.evttags'),
    function: 'e.evtfoid::regprocedure',
    state: words('e.evtenabled', TRIGGER_STATES),
  },
};

function publications(major: number): KindSpec {
  const columns = `CASE WHEN pr.prattrs IS NOT NULL THEN ' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = pr.prrelid AND a.attnum = ANY (pr.prattrs::int2[])) || ')' ELSE '' END`;
  const filter = `COALESCE(' WHERE ' || pg_get_expr(pr.prqual, pr.prrelid), '')`;
  const name = qualified('n.nspname', 'c.relname');
  return {
    kind: `'publication'`,
    where: anyOf('pg_publication'),
    name: ['p.pubname'],
    from: `pg_publication p WHERE ${standsAlone('pg_publication', 'p.oid')}`,
    attributes: {
      owner: role('p.pubowner'),
      comment: comment('pg_publication', 'p.oid'),
      'all tables': yesNo('p.puballtables'),
      operations: `concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)`,
      'via root': yesNo('p.pubviaroot'),
      tables: sortedList(
        `(SELECT array_agg(${major >= 15 ? `${name} || ${columns} || ${filter}` : name}) FROM pg_publication_rel pr JOIN pg_class c ON c.oid = pr.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE pr.prpubid = p.oid)`,
      ),
      ...(major >= 15 && {
        schemas: sortedList(
          '(SELECT array_agg(quote_ident(n.nspname)) FROM pg_publication_namespace pn JOIN pg_namespace n ON n.oid = pn.pnnspid WHERE pn.pnpubid = p.oid)',
        ),
      }),
      ...(major >= 18 && { 'generated columns': words('p.pubgencols', { n: 'none', s: 'stored' }) }),
    },
  };
}

const FOREIGN_DATA_WRAPPERS: KindSpec = {
  kind: `'foreign data wrapper'`,
  where: anyOf('pg_foreign_data_wrapper'),
  name: ['w.fdwname'],
  from: `pg_foreign_data_wrapper w WHERE ${standsAlone('pg_foreign_data_wrapper', 'w.oid')}`,
  attributes: {
    owner: role('w.fdwowner'),
    grants: grants('F', 'w.fdwacl', 'w.fdwowner'),
    comment: comment('pg_foreign_data_wrapper', 'w.oid'),
    handler: routineName('w.fdwhandler'),
    validator: routineName('w.fdwvalidator'),
    options: sortedList('w.fdwoptions'),
  },
};

const FOREIGN_SERVERS: KindSpec = {
  kind: `'foreign server'`,
  where: anyOf('pg_foreign_server'),
  name: ['s.srvname'],
  from: `pg_foreign_server s WHERE ${standsAlone('pg_foreign_server', 's.oid')}`,
  attributes: {
    owner: role('s.srvowner'),
    grants: grants('S', 's.srvacl', 's.srvowner'),
    comment: comment('pg_foreign_server', 's.oid'),
    wrapper: '(SELECT quote_ident(w.fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw)',
    type: 's.srvtype',
    version: 's.srvversion',
    options: sortedList('s.srvoptions'),
  },
};

const USER_MAPPINGS: KindSpec = {
  kind: `'user mapping'`,
  where: anyOf('pg_foreign_server'),
  name: [],
  suffix: `u.usename || ' on ' || quote_ident(u.srvname)`,
  from: 'pg_user_mappings u',
  attributes: { options: sortedList('u.umoptions') },
};

/** Options of `databaseKinds`. */
export interface DatabaseKindOptions {
  /** Whether the server's roles and their settings are part of the catalog. */
  readonly roles: boolean;
}

/** Everything that is not in a schema. */
export function databaseKinds(major: number, options: DatabaseKindOptions): readonly KindSpec[] {
  return [
    DATABASE,
    SCHEMAS,
    EXTENSIONS,
    EXTENSION_DEPENDENCIES,
    ...(options.roles ? [roles(major)] : []),
    settings(options),
    defaultPrivileges(),
    EVENT_TRIGGERS,
    publications(major),
    FOREIGN_DATA_WRAPPERS,
    FOREIGN_SERVERS,
    USER_MAPPINGS,
  ];
}
