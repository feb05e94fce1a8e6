import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, runCli } from '../cli/run-cli.ts';

const RUNS = 3;

/** Losses, clock readings, random keys and a sequence: what differs between two runs if anything does. */
const SETS = {
  sqlite: {
    'm/0001_base.up.sql': `CREATE TABLE holding (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, quantity NUMERIC, nick TEXT);\n`,
    'm/0001_base.down.sql': `DROP TABLE holding;\n`,
    'm/0002_lots.up.sql': `CREATE TABLE lot (id TEXT PRIMARY KEY, holding INTEGER REFERENCES holding, quantity NUMERIC, made_at TEXT);
INSERT INTO lot SELECT lower(hex(randomblob(16))), id, quantity, datetime('now') FROM holding;\n`,
    'm/0002_lots.down.sql': `DROP TABLE lot;\n`,
    'm/0003_nick.up.sql': `ALTER TABLE holding DROP COLUMN nick;\n`,
    'm/0003_nick.down.sql': `ALTER TABLE holding ADD COLUMN nick TEXT;\n`,
    'm/0004_once.up.sql': `UPDATE holding SET quantity = quantity + 1;\n`,
    'm/0004_once.down.sql': `UPDATE holding SET quantity = quantity - 1;\n`,
  },
  postgres: {
    'm/0001_base.up.sql': `CREATE TABLE holding (id bigserial PRIMARY KEY, owner text NOT NULL, quantity numeric(20, 8), nick text);\n`,
    'm/0001_base.down.sql': `DROP TABLE holding;\n`,
    'm/0002_lots.up.sql': `CREATE TABLE lot (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), holding bigint REFERENCES holding, quantity numeric(20, 8), made_at timestamp DEFAULT now());
INSERT INTO lot (holding, quantity) SELECT id, quantity FROM holding;\n`,
    'm/0002_lots.down.sql': `DROP TABLE lot;\n`,
    'm/0003_nick.up.sql': `ALTER TABLE holding DROP COLUMN nick;\n`,
    'm/0003_nick.down.sql': `ALTER TABLE holding ADD COLUMN nick text;\n`,
    'm/0004_once.up.sql': `UPDATE holding SET quantity = quantity / 2;\n`,
    'm/0004_once.down.sql': `UPDATE holding SET quantity = quantity * 2;\n`,
  },
} as const;

const CONFIG = JSON.stringify({
  invariants: [
    { id: 'no-lot-is-empty', from: '0002', sql: 'SELECT * FROM lot WHERE quantity IS NULL OR quantity = 0' },
  ],
});

describe.each(['sqlite', 'postgres'] as const)('the same seed on %s', (dialect) => {
  it('should give the same report and the same counterexample files every time', async () => {
    const runs = await Promise.all(Array.from({ length: RUNS }, () => runOnce(dialect)));
    const [first] = runs;
    for (const run of runs) expect(run).toEqual(first);
    expect(first?.report).toContain('"falsified"');
    expect(first?.report).toContain('no-lot-is-empty');
    expect(first?.report).toContain('(differs from run to run)');
    expect(Object.keys(first?.files ?? {}).length).toBeGreaterThan(4);
  });

  it('should give the same whether cases run one at a time or side by side', async () => {
    const [one, other] = await Promise.all(
      ['1', '3'].map((workers) => runOnce(dialect, '7', ['24', '--workers', workers])),
    );
    expect(one).toEqual(other);
    expect(one?.report).toContain('"falsified"');
    expect(one?.report).toContain('"held"');
  });

  it('should be told from another seed', async () => {
    const [one, other] = [await runOnce(dialect), await runOnce(dialect, '8')];
    expect(one.report).not.toBe(other.report);
  });
});

interface Outcome {
  readonly report: string;
  readonly files: Readonly<Record<string, string>>;
}

async function runOnce(dialect: keyof typeof SETS, seed = '7', cases = ['8']): Promise<Outcome> {
  await using folder = await makeFolder({ ...SETS[dialect], 'm/palindrome.config.json': CONFIG });
  const provider = dialect === 'postgres' ? ['--provider', 'embedded'] : [];
  const args = [
    'verify',
    'm',
    '--dialect',
    dialect,
    '--seed',
    seed,
    '--report',
    'json',
    ...provider,
    '--cases',
    ...cases,
  ];
  const { code, out, err } = await runCli(args, folder.path);
  expect({ code, err: code === 1 ? '' : err }).toEqual({ code: 1, err: '' });
  return {
    report: withoutDurations(out),
    files: await readFiles(path.join(folder.path, '.palindrome', 'counterexamples')),
  };
}

function withoutDurations(json: string): string {
  return json.replaceAll(/"durationMs": \d+/g, '"durationMs": 0');
}

async function readFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.toSorted().map(async (file) => [path.relative(folder, file), await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}
