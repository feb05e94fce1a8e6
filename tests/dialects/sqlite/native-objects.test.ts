import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hold, openConnection } from '../../../harness/dialects/sqlite/native-objects.ts';

const FOLDER = path.join(import.meta.dirname, '../../../harness/dialects/sqlite');

describe('native objects of SQLite', () => {
  it('should be made in one place alone, which holds them', () => {
    const makers = readdirSync(FOLDER).filter((file) =>
      /^import (?!type)[^;]*from 'better-sqlite3'/m.test(readFileSync(path.join(FOLDER, file), 'utf8')),
    );
    expect(makers).toEqual(['native-objects.ts']);
  });

  it('should be the same to their users: statements, pragmas, transactions and iterators', () => {
    const connection = openConnection(':memory:');
    connection.exec('CREATE TABLE item (id INTEGER PRIMARY KEY)');
    const insert = connection.prepare('INSERT INTO item VALUES (?)');
    connection.transaction(() => [1, 2, 3].map((id) => insert.run(id)))();
    expect(connection.pragma('user_version', { simple: true })).toBe(0);
    expect([...hold(connection.prepare('SELECT id FROM item').pluck().iterate())]).toEqual([1, 2, 3]);
    connection.close();
    expect(connection.open).toBe(false);
  });
});
