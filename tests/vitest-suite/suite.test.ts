import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BAD_SET, GOOD_SET, makeFolder } from '../cli/run-cli.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

interface Told {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** Runs a test file of a user's in a vitest of its own. */
async function runSuite(files: Readonly<Record<string, string>>, call: string): Promise<readonly Told[]> {
  await using folder = await makeFolder({
    ...files,
    'migrations.test.ts': `import { migrationSuite } from '${path.join(ROOT, 'harness/cli/vitest-suite.ts')}';
${call}`,
  });
  const out = path.join(folder.path, 'results.json');
  const args = ['run', '--root', folder.path, '--reporter=json', `--outputFile=${out}`];
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: folder.path,
    env: { PATH, HOME, NODE_PATH: path.join(ROOT, 'node_modules') },
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('close', resolve));
  const { testResults } = JSON.parse(await readFile(out, 'utf8')) as {
    testResults: readonly { readonly assertionResults: readonly Told[]; readonly message: string }[];
  };
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

describe('a suite of migrations', () => {
  let told: readonly Told[];
  const of = (name: string): Told => {
    const found = told.find(({ fullName }) => fullName === `migrations ${name}`);
    if (found === undefined) throw new Error(`${name} is not among ${told.map(({ fullName }) => fullName).join(', ')}`);
    return found;
  };

  beforeAll(async () => {
    told = await runSuite(
      BAD_SET,
      `await migrationSuite({ paths: ['migrations'], cwd: import.meta.dirname, dialect: 'sqlite', cases: 12, seed: 7 });`,
    );
  });

  it('should have a test for each migration and property, and the walk of all with the last', () => {
    expect(of('0001_users applies').status).toBe('passed');
    expect(of('0002_email_index rollback-restores').status).toBe('passed');
    expect(told.filter(({ fullName }) => fullName.endsWith('chain-unwinds')).map(({ fullName }) => fullName)).toEqual([
      'migrations 0003_drop_nick chain-unwinds',
    ]);
  });

  it('should fail with the counterexample, the seed and the command that shows it again', () => {
    const { status, failureMessages } = of('0003_drop_nick rollback-restores');
    expect(status).toBe('failed');
    const [message = ''] = failureMessages;
    expect(message).toContain('MigrationFailure: after up and down');
    expect(message).toContain('{ seed: 7 }');
    expect(message).toContain('The rows before');
    expect(message).toMatch(/palindrome replay [0-9a-z]{10}/u);
    expect(of('0003_drop_nick chain-unwinds').status).toBe('failed');
  });

  it('should skip what cannot be asked', () => {
    expect(of('0001_users values-survive').status).toBe('skipped');
  });
});

describe('a suite with the settings of fast-check', () => {
  it('should take seed and number of runs from fc.configureGlobal, and fail where too few cases say nothing', async () => {
    const told = await runSuite(
      GOOD_SET,
      `import { configureGlobal } from '${path.join(ROOT, 'node_modules/fast-check/lib/fast-check.js')}';
configureGlobal({ seed: 3, numRuns: 1 });
await migrationSuite({ paths: ['migrations'], cwd: import.meta.dirname, dialect: 'sqlite', property: ['rollback-restores'] });`,
    );
    const failed = told.filter(({ status }) => status === 'failed');
    expect(told).toHaveLength(2);
    for (const { failureMessages } of failed) expect(failureMessages.join('')).toContain('{ seed: 3, cases: 1 }');
    expect(failed.length).toBeGreaterThan(0);
  });
});
