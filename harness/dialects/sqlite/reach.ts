/**
 * Whether SQL reaches beyond its own database.
 */

/** Other files, and code from them. */
const REACHES = /\b(attach|vacuum\s+into|load_extension|readfile|writefile|temp_store_directory)\b/i;

/** Whether two databases in which this SQL runs at once could meet. When in doubt, they could. */
export function reachesBeyondDatabase(sql: string): boolean {
  return REACHES.test(sql);
}
