/**
 * Text search configurations, dictionaries, parsers and templates.
 */
import { anyOf, comment, FIRST_USER_OID, qualified, role, routineName, standsAlone } from './fragments.ts';
import type { KindSpec } from './kind.ts';

const CONFIGURATIONS: KindSpec = {
  kind: `'text search configuration'`,
  where: anyOf('pg_ts_config'),
  name: ['n.nspname', 'c.cfgname'],
  from: `pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE c.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_ts_config', 'c.oid')}`,
  attributes: {
    owner: role('c.cfgowner'),
    comment: comment('pg_ts_config', 'c.oid'),
    parser: `(SELECT ${qualified('pn.nspname', 'p.prsname')} FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser)`,
    mappings: `(SELECT string_agg(m.maptokentype || ': ' || m.mapdict::regdictionary, ', ' ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE m.mapcfg = c.oid)`,
  },
};

const DICTIONARIES: KindSpec = {
  kind: `'text search dictionary'`,
  where: anyOf('pg_ts_dict'),
  name: ['n.nspname', 'd.dictname'],
  from: `pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE d.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_ts_dict', 'd.oid')}`,
  attributes: {
    owner: role('d.dictowner'),
    comment: comment('pg_ts_dict', 'd.oid'),
    template: `(SELECT ${qualified('tn.nspname', 't.tmplname')} FROM pg_ts_template t JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate)`,
    options: 'd.dictinitoption',
  },
};

const PARSERS: KindSpec = {
  kind: `'text search parser'`,
  where: anyOf('pg_ts_parser'),
  name: ['n.nspname', 'p.prsname'],
  from: `pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE p.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_ts_parser', 'p.oid')}`,
  attributes: {
    comment: comment('pg_ts_parser', 'p.oid'),
    functions: `concat_ws(', ', ${['prsstart', 'prstoken', 'prsend', 'prsheadline', 'prslextype'].map((column) => routineName(`p.${column}`)).join(', ')})`,
  },
};

const TEMPLATES: KindSpec = {
  kind: `'text search template'`,
  where: anyOf('pg_ts_template'),
  name: ['n.nspname', 't.tmplname'],
  from: `pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE t.oid >= ${FIRST_USER_OID} AND ${standsAlone('pg_ts_template', 't.oid')}`,
  attributes: {
    comment: comment('pg_ts_template', 't.oid'),
    functions: `concat_ws(', ', ${routineName('t.tmplinit')}, ${routineName('t.tmpllexize')})`,
  },
};

/** Everything of text search. */
export const TEXT_SEARCH_KINDS: readonly KindSpec[] = [CONFIGURATIONS, DICTIONARIES, PARSERS, TEMPLATES];
