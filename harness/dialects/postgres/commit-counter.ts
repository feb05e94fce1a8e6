/**
 * Counting the commits that a block or a procedure makes, by text put after each: so that it can be stopped right after one of them.
 * A commit is found by its word; one inside a string constant would be taken for one.
 */

/** A commit of a PL/pgSQL body. */
export const COMMIT_IN_BODY = /\bcommit\b(?:\s+(?:work|transaction))?\s*;/gi;

const LEFT = `nullif(pg_catalog.current_setting('palindrome.commits_left', true), '')`;

/** The statement that says, before the one to be stopped, after how many commits that is. */
export function countCommitsSql(commits: number): string {
  return `SET palindrome.commits_left = '${commits}'`;
}

/** The body with `stop` (a PL/pgSQL statement) run after the commit that was asked for by `countCommitsSql`; without that, never. */
export function instrumentCommits(body: string, stop: string): string {
  const count = `IF ${LEFT} IS NOT NULL THEN PERFORM pg_catalog.set_config('palindrome.commits_left', (${LEFT}::int - 1)::text, false); END IF;`;
  const check = `IF ${LEFT} = '0' THEN ${stop}; END IF;`;
  return body.replaceAll(COMMIT_IN_BODY, (commit) => `${commit} ${count} ${check}`);
}
