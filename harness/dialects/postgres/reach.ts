/**
 * Whether SQL reaches beyond its own database: to what all databases of a server share, or to the world outside.
 */

/** `"user"` is a table and `role` a column: names in quotes say nothing, unless they are quoted in a string that may be executed. */
const QUOTED_NAME = /"[^"\n]*"/g;
/** `GROUP BY`, and `TO GROUP`'s old form is left: it names a role that has to be made first. */
const REACHES = [
  /\b(create|alter|drop|set|reset|on|rename|for)\s+(role|user|group)\b/i,
  /\balter\s+system\b/i,
  /\bsession\s+authorization\b/i,
  /\b(drop|reassign)\s+owned\b/i,
  // Membership in a role: the only grants that are not ON something.
  /\b(grant|revoke)\b(?![^;]*\bon\b)/i,
  /\b(tablespace|subscription|prepare\s+transaction|(commit|rollback)\s+prepared)\b/i,
  /\b(create|alter|drop)\s+(database|server)\b/i,
  /\b(dblink|postgres_fdw|pg_background|pg_cron)\w*/i,
  /\blanguage\s+'?(plpython|plperl|pltcl|plv8|plsh|pljava|plrust|c\b)/i,
  /\bcopy\b[^;]*\b(to|from)\s+(program\b|')/i,
  /\blo_(import|export)\b/i,
  /\bpg_(terminate|cancel)_backend\b|\bpg_(reload_conf|switch_wal|promote|rotate_logfile|create_restore_point)\b/i,
  /\bpg_\w*(slot|replication_origin)\w*/i,
  /\bpg_(read|write|stat|ls)_\w*(file|dir)\w*|\bpg_file_\w+/i,
  /\bpg_(stat_activity|locks|prepared_xacts|stat_database|database|shdescription|shseclabel)\b/i,
  // What one database may take, several together may not.
  /\b(work_mem|maintenance_work_mem|temp_buffers|max_parallel_\w+)\b/i,
];

/** Whether two databases of one server in which this SQL runs at once could meet. When in doubt, they could. */
export function reachesBeyondDatabase(sql: string): boolean {
  const text = sql.replaceAll(QUOTED_NAME, '""');
  return REACHES.some((pattern) => pattern.test(text));
}
