/**
 * Names and values as SQL text: the one place that quotes, for SQLite.
 */

const BARE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words that SQLite never takes for a name. */
const RESERVED = new Set(
  `ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN BY CASE CAST CHECK COLLATE COMMIT CONSTRAINT CREATE CROSS CURRENT_DATE CURRENT_TIME
  CURRENT_TIMESTAMP DEFAULT DEFERRABLE DELETE DISTINCT DROP ELSE END ESCAPE EXCEPT EXISTS EXPLAIN FALSE FILTER FOR FOREIGN FROM FULL
  GLOB GROUP HAVING IF IN INDEX INDEXED INNER INSERT INTERSECT INTO IS ISNULL JOIN LEFT LIKE LIMIT MATCH NATURAL NOT NOTHING NOTNULL
  NULL ON OR ORDER OUTER OVER PRAGMA PRIMARY RAISE REFERENCES REGEXP REPLACE RETURNING RIGHT SELECT SET TABLE THEN TO TRANSACTION
  TRUE UNION UNIQUE UPDATE USING VALUES WHEN WHERE WINDOW WITH WITHOUT`.split(/\s+/),
);

/** Words that SQLite takes for a name where its grammar leaves nothing else. */
const SOFT = new Set(
  `ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN CASCADE COLUMN CONFLICT CURRENT DATABASE DEFERRED DESC DETACH DO EACH
  EXCLUDE EXCLUSIVE FAIL FIRST FOLLOWING GENERATED GROUPS IGNORE IMMEDIATE INITIALLY INSTEAD KEY LAST MATERIALIZED NO NULLS OF
  OFFSET OTHERS PARTITION PLAN PRECEDING QUERY RANGE RECURSIVE REINDEX RELEASE RENAME RESTRICT ROLLBACK ROW ROWS SAVEPOINT TEMP
  TEMPORARY TIES TRIGGER UNBOUNDED VACUUM VIEW VIRTUAL`.split(/\s+/),
);

/** Whether SQLite may read the word as something other than a name. */
export function isKeyword(word: string): boolean {
  const upper = word.toUpperCase();
  return RESERVED.has(upper) || SOFT.has(upper);
}

/** Whether the word is a name only in quotes. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word.toUpperCase());
}

/** Quotes a name where SQL needs it: `users`, `"order"`, `"two words"`. */
export function quoteIdentifier(name: string): string {
  return BARE.test(name) && !isReserved(name) ? name : quoteName(name);
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
