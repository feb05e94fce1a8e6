import { describe, expect, it } from 'vitest';
import { diffCatalogs } from '../../../harness/core/catalog.ts';
import type { CatalogChange } from '../../../harness/core/catalog.ts';
import { capture, execute, objectOf, openCluster } from './support.ts';

/** What differs between the schemas that two scripts make. */
async function differences(one: string, other: string): Promise<CatalogChange[]> {
  await using cluster = await openCluster();
  await using first = await cluster.create();
  await using second = await cluster.create();
  await execute(first, one);
  await execute(second, other);
  return diffCatalogs((await capture(first)).catalog, (await capture(second)).catalog);
}

describe('the catalog', () => {
  it.each([
    [
      'blanks, comments and case',
      'CREATE TABLE t (a INTEGER not null, b Text)',
      'create table  t(\n a integer NOT NULL, -- x\n b TEXT )',
    ],
    ['quotes', 'CREATE TABLE "t" ([a] INT, `b` INT CHECK ("b" > 0))', 'CREATE TABLE t (a INT, b INT CHECK (b > 0))'],
    [
      'an added column',
      `CREATE TABLE t (a INT); ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT 'x' CHECK (b <> '')`,
      `CREATE TABLE t (a INT, b TEXT NOT NULL DEFAULT 'x' CHECK (b <> ''))`,
    ],
    ['a dropped column', 'CREATE TABLE t (a INT, b INT); ALTER TABLE t DROP COLUMN b', 'CREATE TABLE t (a INT)'],
    [
      'a renamed table, with what refers to it',
      `CREATE TABLE old (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE c (p INT REFERENCES old(id));
      CREATE INDEX i ON old(id); CREATE TRIGGER g AFTER INSERT ON old BEGIN DELETE FROM c; END; ALTER TABLE old RENAME TO new`,
      `CREATE TABLE new (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE c (p INT REFERENCES new(id));
      CREATE INDEX i ON new(id); CREATE TRIGGER g AFTER INSERT ON new BEGIN DELETE FROM c; END`,
    ],
    [
      'a table rebuilt and renamed',
      `CREATE TABLE t (a INT); CREATE TABLE "t_new" (a INT); DROP TABLE t; ALTER TABLE "t_new" RENAME TO "t"`,
      'CREATE TABLE t (a INT)',
    ],
    [
      'a renamed column',
      'CREATE TABLE t (a INT, CHECK (a > 0)); ALTER TABLE t RENAME COLUMN a TO b',
      'CREATE TABLE t (b INT, CHECK (b > 0))',
    ],
    [
      'IF NOT EXISTS and the schema name',
      'CREATE TABLE IF NOT EXISTS main.t (a INT); CREATE VIEW IF NOT EXISTS main.v AS SELECT a FROM t',
      'CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t',
    ],
    [
      'a constraint at the column or at the table',
      'CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE REFERENCES t(a) ON DELETE CASCADE)',
      'CREATE TABLE t (a INT, b INT, PRIMARY KEY (a), UNIQUE (b), FOREIGN KEY (b) REFERENCES t(a) ON DELETE CASCADE)',
    ],
    ['parentheses around a default', 'CREATE TABLE t (a INT DEFAULT (0))', 'CREATE TABLE t (a INT DEFAULT 0)'],
    [
      'an implied parent key',
      'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p)',
      'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p(id))',
    ],
    [
      'a quoted soft keyword',
      'CREATE TABLE t (key INT); CREATE VIEW v AS SELECT "key" FROM t',
      'CREATE TABLE t (key INT); CREATE VIEW v AS SELECT key FROM t',
    ],
  ])('should not depend on %s', async (_, one, other) => {
    expect(await differences(one, other)).toEqual([]);
  });

  it.each([
    ['column', 'type', 'CREATE TABLE t (a INT)', 'CREATE TABLE t (a TEXT)'],
    ['column', 'not null', 'CREATE TABLE t (a INT)', 'CREATE TABLE t (a INT NOT NULL)'],
    ['column', 'default', "CREATE TABLE t (a DEFAULT 'A')", "CREATE TABLE t (a DEFAULT 'a')"],
    ['column', 'collation', 'CREATE TABLE t (a TEXT)', 'CREATE TABLE t (a TEXT COLLATE NOCASE)'],
    ['column', 'generated', 'CREATE TABLE t (a, b AS (a + 1))', 'CREATE TABLE t (a, b AS (a + 2))'],
    ['column', 'generated', 'CREATE TABLE t (a, b AS (a + 1))', 'CREATE TABLE t (a, b AS (a + 1) STORED)'],
    ['table', 'strict', 'CREATE TABLE t (a INT)', 'CREATE TABLE t (a INT) STRICT'],
    [
      'table',
      'autoincrement',
      'CREATE TABLE t (a INTEGER PRIMARY KEY)',
      'CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)',
    ],
    [
      'primary key',
      'columns',
      'CREATE TABLE t (a, b, PRIMARY KEY (a, b))',
      'CREATE TABLE t (a, b, PRIMARY KEY (b, a))',
    ],
    [
      'index',
      'unique',
      'CREATE TABLE t (a); CREATE INDEX i ON t(a)',
      'CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t(a)',
    ],
    [
      'index',
      'where',
      'CREATE TABLE t (a); CREATE INDEX i ON t(a)',
      'CREATE TABLE t (a); CREATE INDEX i ON t(a) WHERE a > 0',
    ],
    [
      'index',
      'columns',
      'CREATE TABLE t (a); CREATE INDEX i ON t(a)',
      'CREATE TABLE t (a); CREATE INDEX i ON t(a COLLATE NOCASE DESC)',
    ],
    [
      'index',
      'columns',
      'CREATE TABLE t (a); CREATE INDEX i ON t(lower(a))',
      'CREATE TABLE t (a); CREATE INDEX i ON t(upper(a))',
    ],
    [
      'foreign key',
      'on delete',
      'CREATE TABLE t (a PRIMARY KEY, b REFERENCES t)',
      'CREATE TABLE t (a PRIMARY KEY, b REFERENCES t ON DELETE SET NULL NOT DEFERRABLE)',
    ],
    [
      'foreign key',
      'deferrable',
      'CREATE TABLE t (a PRIMARY KEY, b REFERENCES t)',
      'CREATE TABLE t (a PRIMARY KEY, b REFERENCES t DEFERRABLE INITIALLY DEFERRED NOT NULL)'.replace(' NOT NULL', ''),
    ],
    [
      'check constraint',
      'condition',
      'CREATE TABLE t (a CONSTRAINT c CHECK (a > 0))',
      'CREATE TABLE t (a CONSTRAINT c CHECK (a >= 0))',
    ],
    ['view', 'definition', 'CREATE VIEW v AS SELECT 1', 'CREATE VIEW v AS SELECT 2'],
    [
      'trigger',
      'definition',
      'CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END',
      'CREATE TABLE t (a); CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT 1; END',
    ],
    [
      'virtual table',
      'module',
      'CREATE VIRTUAL TABLE f USING fts5(a)',
      'CREATE VIRTUAL TABLE f USING fts5(a, tokenize = "porter")',
    ],
    ['database', 'user version', 'PRAGMA user_version = 1', 'PRAGMA user_version = 2'],
    ['database', 'application id', 'PRAGMA application_id = 1', 'PRAGMA application_id = 2'],
    ['database', 'encoding', 'CREATE TABLE t (a)', "PRAGMA encoding = 'UTF-16be'; CREATE TABLE t (a)"],
    ['database', 'auto vacuum', 'CREATE TABLE t (a)', 'PRAGMA auto_vacuum = FULL; CREATE TABLE t (a)'],
  ])('should tell a changed %s: %s', async (kind, attribute, one, other) => {
    const changes = await differences(one, other);
    expect(changes).toEqual([expect.objectContaining({ change: 'altered', kind, attribute })]);
  });

  it('should tell a rowid from a key that only looks like one', async () => {
    const changes = await differences(
      'CREATE TABLE t (a INTEGER PRIMARY KEY)',
      'CREATE TABLE t (a INTEGER PRIMARY KEY DESC)',
    );
    expect(changes.map((change) => change.change === 'altered' && change.attribute)).toEqual(['columns', 'is rowid']);
  });

  it('should give every object apart, and number twins', async () => {
    const changes = await differences(
      'CREATE TABLE t (a PRIMARY KEY)',
      `CREATE TABLE t (a PRIMARY KEY, b CHECK (b > 0) CHECK (b > 0) UNIQUE REFERENCES t REFERENCES t(a), CONSTRAINT long CHECK (a <> b));
       CREATE INDEX i ON t(b)`,
    );
    expect(changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual([
      'extra check constraint t CHECK (b > 0)',
      'extra check constraint t CHECK (b > 0) #2',
      'extra check constraint t.long',
      'extra column t.b',
      'extra foreign key t (b)',
      'extra foreign key t (b) #2',
      'extra index i',
      'extra unique constraint t (b)',
    ]);
  });

  it('should only note the position of a column and the sequence table, which nobody can drop', async () => {
    expect(await differences('CREATE TABLE t (a, b)', 'CREATE TABLE t (b, a)')).toEqual([]);
    expect(
      await differences('SELECT 1', 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE t'),
    ).toEqual([]);
  });

  it('should not show statistics and tables that virtual tables keep for themselves', async () => {
    const changes = await differences(
      'CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5(a)',
      `CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO t VALUES (1); CREATE INDEX i ON t(a); ANALYZE; DROP INDEX i`,
    );
    expect(changes).toEqual([]);
  });

  it('should describe objects with names that need quoting', async () => {
    await using cluster = await openCluster();
    await using database = await cluster.create();
    await execute(
      database,
      `CREATE TABLE "a b" ("or""der" INT REFERENCES "a b"("or""der") PRIMARY KEY, "größe" TEXT);
      CREATE INDEX "i ' x" ON "a b"("größe"); CREATE TRIGGER [t r] AFTER INSERT ON "a b" BEGIN SELECT 1; END`,
    );
    const snapshot = await capture(database);
    expect(objectOf(snapshot, 'column', '"a b"."or""der"').table).toBe('"a b"');
    expect(objectOf(snapshot, 'index', `"i ' x"`).attributes['columns']).toBe('"größe"');
    expect(objectOf(snapshot, 'trigger', '"t r"').table).toBe('"a b"');
    expect(objectOf(snapshot, 'foreign key', '"a b" ("or""der")').attributes['references']).toBe('"a b" ("or""der")');
  });
});
