/** What is wrong with declared pagers beyond the shape of their entries: orders, placeholders, files that are not there. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Dialect } from '../core/dialect.ts';
import { messageOf } from '../core/errors.ts';
import type { UserConfig } from './define-config.ts';
import type { PagerConfig } from './pager-config.ts';
import { readKey } from './pager-key.ts';
import { showPath } from './validate.ts';
import type { ConfigIssue } from './validate.ts';

interface Statement {
  readonly path: readonly (string | number)[];
  readonly sql: string;
  readonly expected: number;
  /** What the placeholders stand for. */
  readonly words: string;
}

/** Every mistake in the pagers of a configuration. `folder`: where its paths start. `dialect`: that of its sets. */
export async function findPagerIssues(
  config: UserConfig,
  folder: string,
  dialect: Dialect,
): Promise<readonly ConfigIssue[]> {
  const found = (config.pagers ?? []).map((pager, index) => issuesOf(pager, ['pagers', index], folder, dialect));
  return (await Promise.all(found)).flat();
}

async function issuesOf(
  pager: PagerConfig,
  at: readonly (string | number)[],
  folder: string,
  dialect: Dialect,
): Promise<readonly ConfigIssue[]> {
  const issues: ConfigIssue[] = [];
  const say = (below: readonly (string | number)[], message: string): void => {
    issues.push({ path: showPath([...at, ...below]), message });
  };
  const key = readKey(pager.key);
  if (key.status === 'wrong') say(['key'], key.message);
  if (pager.maxCostRatio !== undefined && dialect.name === 'sqlite')
    say(['maxCostRatio'], 'SQLite estimates no costs; leave it out');
  if (pager.module !== undefined && !existsSync(path.resolve(folder, pager.module)))
    say(['module'], `there is no file ${pager.module}; the path starts at the configuration's folder`);
  if (key.status === 'read') {
    for (const statement of statementsOf(pager, key.key.length)) {
      const message = await placeholderIssue(statement, dialect);
      if (message !== null) say(statement.path, message);
    }
  }
  return issues;
}

function statementsOf(pager: PagerConfig, keys: number): readonly Statement[] {
  const cells = pager.cursor === 'offset' ? 1 : keys;
  const cursor =
    pager.cursor === 'offset' ? 'the number of items seen' : cells === 1 ? 'the key' : `the ${cells} parts of the key`;
  const pages = (at: readonly string[], first: string, next: string): readonly Statement[] => [
    { path: [...at, 'first'], sql: first, expected: 1, words: 'the page size' },
    { path: [...at, 'next'], sql: next, expected: cells + 1, words: `${cursor}, then the page size` },
  ];
  const { first, next, backward } = pager;
  return [
    ...(first === undefined || next === undefined ? [] : pages([], first, next)),
    ...(typeof backward === 'object' ? pages(['backward'], backward.first, backward.next) : []),
  ];
}

/** What is wrong with a statement's placeholders; null: nothing. */
async function placeholderIssue({ sql, expected, words }: Statement, dialect: Dialect): Promise<string | null> {
  const sign = dialect.name === 'sqlite' ? '?' : '$';
  const marks = Array.from({ length: expected }, (_, index) => `${sign}${index + 1}`);
  const wanted = `${marks.join(', ')} (${words})`;
  try {
    const statements = await dialect.split({ file: '', text: sql });
    if (statements.length !== 1) return `must be one statement, not ${statements.length}`;
    const used = new Set((await dialect.tokenize(sql)).flatMap(({ kind, value }) => (kind === 'other' ? [value] : [])));
    const known = [...used].filter((value) => /^[$?:@]/.test(value));
    const strange = known.filter((value) => !marks.includes(value));
    const missing = marks.filter((mark) => !used.has(mark));
    if (strange.length > 0) return `has the placeholder ${strange.join(', ')}; it takes ${wanted}`;
    return missing.length > 0 ? `lacks the placeholder ${missing.join(', ')}; it takes ${wanted}` : null;
  } catch (error) {
    return `is not SQL: ${messageOf(error)}`;
  }
}
