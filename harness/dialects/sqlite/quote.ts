/**
 * Names and values as SQL text: the one place that quotes, for SQLite.
 */

const BARE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words that SQLite does not take for a name everywhere; a superset does no harm. */
const KEYWORDS = new Set(
  `ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY CASCADE CASE CAST CHECK
  COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT
  DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FALSE
  FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY
  INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL
  NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES
  REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWID ROWS SAVEPOINT SELECT SET TABLE TEMP TEMPORARY
  THEN TIES TO TRANSACTION TRIGGER TRUE UNBOUNDED UNION UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH
  WITHOUT`.split(/\s+/),
);

/** Whether SQLite may read the word as something other than a name. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toUpperCase());
}

/** Quotes a name where SQL needs it: `users`, `"order"`, `"two words"`. */
export function quoteIdentifier(name: string): string {
  return BARE.test(name) && !isKeyword(name) ? name : quoteName(name);
}

/** Quotes a name always. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal. A NUL cannot stand in SQL text, so a text with one becomes a cast. */
export function quoteText(text: string): string {
  if (text.includes('\0')) return `CAST(X'${Buffer.from(text, 'utf8').toString('hex').toUpperCase()}' AS TEXT)`;
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * An expression for the exact literal of `column`, NULL for NULL. `quote()` gives every finite double and both infinities
 * so that reading them gives the same bits; it stops at a NUL inside a text and drops the sign of a negative zero,
 * which only a column that converts nothing can hold (`keepsNegativeZero`).
 */
export function literalSql(column: string, keepsNegativeZero: boolean): string {
  const zero = keepsNegativeZero
    ? ` WHEN typeof(${column})='real' AND ${column}=0.0 AND atan2(${column},-1.0)<0 THEN '-0.0'`
    : '';
  return (
    `CASE WHEN ${column} IS NULL THEN NULL${zero}` +
    ` WHEN typeof(${column})='text' AND instr(${column},char(0)) THEN ${castSql(column)} ELSE quote(${column}) END`
  );
}

/** As `literalSql`, with every text spelled by its bytes: for texts that are not valid in the database's encoding. */
export function bytesLiteralSql(column: string): string {
  return `CASE WHEN ${column} IS NULL THEN NULL WHEN typeof(${column})='text' THEN ${castSql(column)} ELSE quote(${column}) END`;
}

function castSql(column: string): string {
  return `'CAST(X'''||hex(CAST(${column} AS BLOB))||''' AS TEXT)'`;
}
