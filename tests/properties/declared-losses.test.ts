/** Which declared losses a campaign needed is told one by one. */
import { expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';
import { makeFolder } from '../cli/run-cli.ts';

it('should report a declared loss that was never needed, beside one of the same table that was', async () => {
  await using folder = await makeFolder({
    'm/1_users.up.sql': 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, legacy INTEGER);\n',
    'm/1_users.down.sql': 'DROP TABLE users;\n',
    'm/2_drop.up.sql': `-- palindrome: lossy users.legacy where true because nobody reads it
-- palindrome: lossy users.name where true because it was lost in an earlier draft
ALTER TABLE users DROP COLUMN legacy;
`,
    'm/2_drop.down.sql': 'ALTER TABLE users ADD COLUMN legacy INTEGER;\n',
  });
  const report = await verify({
    paths: ['m'],
    cwd: folder.path,
    dialect: 'sqlite',
    cases: 12,
    seed: 3,
    only: '2_*',
    property: ['rollback-restores'],
  });
  const [result] = report.sets[0]!.migrations[0]!.results;
  expect(result).toMatchObject({ verdict: 'held' });
  expect(result!.notes).toContain('the declared loss of users.legacy was needed');
  expect(result!.notes).toContain(
    'the declared loss of users.name was never needed: remove the declaration if nothing is lost',
  );
});
