/**
 * What a statement does, from its leading words.
 */

const FILLERS = new Set([
  'OR',
  'REPLACE',
  'TEMP',
  'TEMPORARY',
  'UNLOGGED',
  'GLOBAL',
  'LOCAL',
  'RECURSIVE',
  'UNIQUE',
  'CONSTRAINT',
  'TRUSTED',
  'PROCEDURAL',
]);

/** Objects whose name in SQL has two words. */
const PAIRS = new Set([
  'MATERIALIZED VIEW',
  'FOREIGN TABLE',
  'EVENT TRIGGER',
  'ACCESS METHOD',
  'USER MAPPING',
  'DEFAULT PRIVILEGES',
  'LARGE OBJECT',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
]);
const TRIPLES = new Set([
  'FOREIGN DATA WRAPPER',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
]);
const VERBS_WITH_OBJECT = new Set(['CREATE', 'ALTER', 'DROP', 'COMMENT', 'REFRESH', 'IMPORT', 'SECURITY']);
const VERBS_WITH_WORD = new Set(['START', 'RELEASE', 'PREPARE', 'SET', 'REASSIGN']);

/** Leading keywords in upper case: `CREATE TABLE`, `ALTER TYPE`, `COMMENT ON`, `UPDATE`. Empty for no words. */
export function commandOf(words: readonly string[]): string {
  const [verb = '', second = ''] = words;
  if (VERBS_WITH_WORD.has(verb)) {
    return second === 'TRANSACTION' || second === 'SAVEPOINT' || second === 'OWNED' || second === 'CONSTRAINTS'
      ? `${verb} ${second}`
      : verb;
  }
  if (!VERBS_WITH_OBJECT.has(verb)) return verb;
  const rest = words.slice(1).filter((word) => !FILLERS.has(word));
  const [a = '', b = '', c = ''] = rest;
  if (TRIPLES.has(`${a} ${b} ${c}`)) return `${verb} ${a} ${b} ${c}`;
  if (PAIRS.has(`${a} ${b}`)) return `${verb} ${a} ${b}`;
  return `${verb} ${a}`.trim();
}
