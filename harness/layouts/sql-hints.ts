/**
 * Words by which a dialect shows itself in SQL text. Comments and string literals are taken out before.
 */
export type HintedDialect = 'postgres' | 'sqlite' | 'mysql';

interface Hint {
  readonly dialect: HintedDialect;
  readonly pattern: RegExp;
  /** 3: SQL that the other dialect refuses or never has. 2: possible in the other's newest versions. 1: usual in this one. */
  readonly weight: 1 | 2 | 3;
}

const hint = (dialect: HintedDialect, weight: 1 | 2 | 3, pattern: RegExp): Hint => ({ dialect, pattern, weight });

const HINTS: readonly Hint[] = [
  hint('sqlite', 3, /\bautoincrement\b/i),
  hint('sqlite', 3, /^\s*pragma\s/im),
  hint('sqlite', 3, /\bwithout\s+rowid\b|\b_?rowid_?\b/i),
  hint('sqlite', 3, /\)\s*strict\s*(?:,|;|$)/i),
  hint('sqlite', 3, /\b(?:insert|update)\s+or\s+(?:ignore|replace|abort|fail|rollback)\b/i),
  hint('sqlite', 3, /\bsqlite_(?:master|schema|sequence)\b/i),
  hint('sqlite', 3, /\bcreate\s+virtual\s+table\b/i),
  hint('sqlite', 3, /\b(?:strftime|unixepoch|julianday|typeof|json_extract|ifnull|randomblob)\s*\(/i),
  hint('sqlite', 3, /\bdatetime\s*\(\s*'/i),
  hint('sqlite', 3, /\braise\s*\(\s*(?:abort|fail|ignore|rollback)\b/i),
  hint('sqlite', 3, /\bglob\s+'/i),
  hint('sqlite', 1, /\bdrop\s+table\s+(?:if\s+exists\s+)?["`]?(\w+)["`]?\s*;[\s\S]*\brename\s+to\s+["`]?\1\b/i),
  hint('sqlite', 1, /\bdatetime\b(?!\s*\()/i),
  hint('sqlite', 1, /\bblob\b/i),
  hint('sqlite', 1, /\binteger\s+(?:not\s+null\s+)?primary\s+key\b/i),
  hint('sqlite', 1, /`\w+`/),
  hint('postgres', 3, /\b(?:small|big)?serial\b/i),
  hint('postgres', 3, /\bjsonb\b/i),
  hint('postgres', 3, /\btimestamptz\b|\btimestamp\s*(?:\(\d\)\s*)?with(?:out)?\s+time\s+zone\b/i),
  hint('postgres', 3, /\$(?:[a-z_]\w*)?\$/i),
  hint('postgres', 3, /[\w)\]"']::\s*"?[a-z_]/i),
  hint('postgres', 3, /\bconcurrently\b/i),
  hint(
    'postgres',
    3,
    /\b(?:create|drop|alter)\s+(?:extension|type|domain|sequence|schema|publication|policy|materialized\s+view)\b/i,
  ),
  hint('postgres', 3, /\b(?:create|drop)\s+(?:or\s+replace\s+)?(?:function|procedure)\b/i),
  hint('postgres', 3, /\blanguage\s+'?(?:plpgsql|sql)\b/i),
  hint('postgres', 3, /\busing\s+(?:gin|gist|brin|spgist)\b/i),
  hint(
    'postgres',
    3,
    /\b(?:bytea|inet|cidr|tsvector|citext|hstore)\b|\b(?:bigint|integer|int|text|uuid)\s*\[\s*\]|\barray\s*\[/i,
  ),
  hint('postgres', 3, /\bgenerated\s+(?:always|by\s+default)\s+as\s+identity\b/i),
  hint('postgres', 3, /\bgen_random_uuid\s*\(|\buuid_generate_v4\s*\(|\b(?:next|set|curr)val\s*\(/i),
  hint('postgres', 3, /\bcomment\s+on\s+(?:table|column|index|type|function|schema|constraint)\b/i),
  hint('postgres', 3, /\bcopy\s+[\w."]+[^;]*\bfrom\s+stdin\b/i),
  hint('postgres', 3, /\balter\s+table\s+(?:only|if\s+exists)\b|\balter\s+index\b/i),
  hint('postgres', 3, /\balter\s+(?:column\s+)?["\w]+\s+(?:set\s+data\s+)?type\b/i),
  hint('postgres', 3, /\badd\s+(?:constraint\s+["\w]+\s+)?(?:foreign\s+key|unique|primary\s+key)\b/i),
  hint('postgres', 3, /\b(?:add\s+column\s+if\s+not|drop\s+column\s+if|drop\s+constraint\s+if)\s+exists\b/i),
  hint('postgres', 3, /\bdrop\b[^;]*\b(?:cascade|restrict)\s*;/i),
  hint('postgres', 3, /\bnow\s*\(\s*\)|\binterval\s+'/i),
  hint('postgres', 3, /\bcreate\s+table\b[^;]*\bpartition\s+by\b|\btruncate\b/i),
  hint('postgres', 2, /\balter\s+column\b/i),
  hint('postgres', 2, /\b(?:add|drop|validate)\s+constraint\b/i),
  hint(
    'postgres',
    3,
    /\b(?:grant|revoke)\s+[\w, ]+\s+on\b|\bowner\s+to\b|\bset\s*\(\s*\w+\s*=|\bdelete\s+from\s+["\w.]+\s+(?:as\s+\w+\s+)?using\b/i,
  ),
  hint('postgres', 1, /\b(?:bigint|smallint|character\s+varying|varchar\s*\(\d+\)|numeric\s*\(\d+|timestamp)\b/i),
  hint('postgres', 1, /\bdouble\s+precision\b|\buuid\b|\bpublic\./i),
  hint('mysql', 3, /\bengine\s*=\s*(?:innodb|myisam)\b/i),
  hint('mysql', 3, /\bauto_increment\b/i),
  hint('mysql', 3, /\b(?:default\s+)?(?:charset|character\s+set)\s*=?\s*utf8/i),
  hint('mysql', 3, /\bint(?:eger)?\s*(?:\(\d+\)\s*)?unsigned\b/i),
  hint('mysql', 3, /\bmodify\s+(?:column\s+)?`?\w+`?\s+\w/i),
  hint('mysql', 1, /`\w+`/),
];

export type HintScores = Record<HintedDialect, number>;

/** For each dialect the sum of its hints' weights, each hint counted once over all texts. */
export class HintCounter {
  private readonly seen = new Set<Hint>();

  add(sql: string): void {
    const code = withoutCommentsAndStrings(sql);
    for (const candidate of HINTS)
      if (!this.seen.has(candidate) && candidate.pattern.test(code)) this.seen.add(candidate);
  }

  scores(): HintScores {
    const scores: HintScores = { postgres: 0, sqlite: 0, mysql: 0 };
    for (const { dialect, weight } of this.seen) scores[dialect] += weight;
    return scores;
  }
}

/** String literals become `'`, so that `datetime('now')` still shows a quote. */
function withoutCommentsAndStrings(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (match) => (match.startsWith("'") ? "'" : ' '));
}
