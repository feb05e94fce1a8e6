import { describe, expect, it } from 'vitest';
import type { SchemaModel, Table } from '../../../harness/core/schema.ts';
import { postgresDialect } from '../../../harness/dialects/postgres/dialect.ts';
import { classifyFault } from '../../../harness/dialects/postgres/faults.ts';
import {
  parseQualified,
  quoteIdentifier,
  quoteLiteral,
  quoteQualified,
} from '../../../harness/dialects/postgres/quote.ts';
import { outlivesDiscard } from '../../../harness/dialects/postgres/script-session.ts';
import { script } from './support.ts';
import { makeTable } from '../../core/make-schema.ts';

describe('quoting', () => {
  it('should quote names only where SQL needs it', () => {
    expect(['users', '_a1', 'name', 'type'].map(quoteIdentifier)).toEqual(['users', '_a1', 'name', 'type']);
    expect(['Order', 'order', 'a b', 'a"b', 'größe', '1a', 'a$b', ''].map(quoteIdentifier)).toEqual([
      '"Order"',
      '"order"',
      '"a b"',
      '"a""b"',
      '"größe"',
      '"1a"',
      '"a$b"',
      '""',
    ]);
  });

  it('should take qualified names apart again', () => {
    for (const [schema, name] of [
      ['public', 'users'],
      ['a.b', 'c"d.e'],
      ['S', 'ö x'],
    ] as const) {
      expect(parseQualified(quoteQualified(schema, name))).toEqual([schema, name]);
    }
  });

  it('should write strings that no setting can misread', () => {
    expect(quoteLiteral("it's")).toBe("'it''s'");
    expect(quoteLiteral('back\\slash')).toBe(" E'back\\\\slash'");
  });
});

describe('faults', () => {
  it('should classify by SQLSTATE and, for missing extensions, by the statement', () => {
    const classes = [
      '23502',
      '23505',
      '23503',
      '23514',
      '23P01',
      '22003',
      '42P07',
      '42703',
      '2BP01',
      '42601',
      '42501',
      'P0001',
      '40P01',
      '57014',
      '25006',
      'XX000',
    ];
    expect(classes.map((code) => classifyFault(code, null))).toEqual([
      'not-null',
      'unique',
      'foreign-key',
      'check',
      'exclusion',
      'value',
      'already-exists',
      'missing-object',
      'dependent-objects',
      'syntax',
      'permission',
      'raised',
      'deadlock',
      'timeout',
      'transaction-state',
      'other',
    ]);
    expect(classifyFault('0A000', 'CREATE EXTENSION')).toBe('missing-extension');
    expect(classifyFault('0A000', 'ALTER TABLE')).toBe('other');
  });
});

describe('requirements', () => {
  it('should find extensions, and roles that no script makes', async () => {
    const scripts = [
      script(
        'wrapped',
        `CREATE EXTENSION IF NOT EXISTS "uuid-ossp"; GRANT SELECT ON t TO reader, PUBLIC, CURRENT_USER;
        ALTER TABLE t OWNER TO "App Owner"; SET ROLE worker; CREATE POLICY p ON t TO tenant; GRANT admin TO made;`,
      ),
      script(
        'autocommit',
        `CREATE ROLE made; SET ROLE NONE; DROP ROLE IF EXISTS gone; CREATE SCHEMA s AUTHORIZATION boss; this is not SQL GRANT;
        DO $$ BEGIN CREATE ROLE "In Body"; CREATE EXTENSION citext; END $$; GRANT ALL ON t TO "In Body", pg_monitor;
        ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON TABLES TO reader;`,
      ),
    ];
    expect(await postgresDialect.requirements(scripts)).toEqual({
      extensions: ['citext', 'uuid-ossp'],
      roles: ['App Owner', 'admin', 'boss', 'maker', 'reader', 'tenant', 'worker'],
    });
  });
});

const table = (schema: string, name: string): Table =>
  makeTable(name, [], { key: quoteQualified(schema, name), schema });

describe('mentionedTables', () => {
  it('should find names in statements, bodies and strings, whatever their quoting, and no part of a longer name', () => {
    const model: SchemaModel = {
      dialect: 'postgres',
      tables: [
        table('public', 'users'),
        table('public', 'Order Lines'),
        table('public', 'user'),
        table('s', 'Größe'),
        table('public', 'lots'),
      ],
    };
    const up = script(
      'wrapped',
      `UPDATE USERS SET a = 1; ALTER TABLE "Order Lines" ADD x int; DO $$ BEGIN EXECUTE 'DROP TABLE "Größe"'; END $$; SELECT taxlots`,
    );
    expect(postgresDialect.mentionedTables(up, model)).toEqual(['public.users', 'public."Order Lines"', 's."Größe"']);
  });
});

describe('sessions', () => {
  it('should be new after what DISCARD ALL does not undo', () => {
    const lasting = [
      'ALTER DATABASE x SET a = 1',
      "SELECT set_config('a.b', 'c', false)",
      'SET app.user = 1',
      "LOAD 'auto_explain'",
      'alter role r set x = 1',
    ];
    expect(lasting.filter(outlivesDiscard)).toEqual(lasting);
    const passing = ['UPDATE t SET a = 1', 'SET search_path TO x', 'CREATE TABLE workload ()'];
    expect(passing.filter(outlivesDiscard)).toEqual([]);
  });
});
