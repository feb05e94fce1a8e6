/**
 * Words by which a dialect shows itself in SQL text. Comments and string literals are taken out before.
 */
export type HintedDialect = 'postgres' | 'sqlite' | 'mysql';

interface Hint {
  readonly dialect: HintedDialect;
  readonly pattern: RegExp;
  /** 3: the other dialects have no such thing. 1: usual in this one, possible elsewhere. */
  readonly weight: 1 | 3;
}

const hint = (dialect: HintedDialect, weight: 1 | 3, pattern: RegExp): Hint => ({ dialect, pattern, weight });

const HINTS: readonly Hint[] = [
  hint('sqlite', 3, /\bautoincrement\b/i),
  hint('sqlite', 3, /^\s*pragma\s/im),
  hint('sqlite', 3, /\bwithout\s+rowid\b/i),
  hint('sqlite', 3, /\)\s*strict\s*(?:,|;|$)/i),
  hint('sqlite', 3, /\binsert\s+or\s+(?:ignore|replace|abort|fail|rollback)\b/i),
  hint('sqlite', 3, /\bsqlite_(?:master|schema|sequence)\b/i),
  hint('sqlite', 3, /\bcreate\s+virtual\s+table\b/i),
  hint('sqlite', 3, /\b(?:strftime|unixepoch|julianday)\s*\(/i),
  hint('sqlite', 3, /\bdatetime\s*\(\s*'/i),
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
  hint('postgres', 3, /\bcreate\s+(?:extension|type|domain|sequence|schema|publication|materialized\s+view)\b/i),
  hint('postgres', 3, /\bcreate\s+(?:or\s+replace\s+)?function\b/i),
  hint('postgres', 3, /\blanguage\s+'?(?:plpgsql|sql)\b/i),
  hint('postgres', 3, /\busing\s+(?:gin|gist|brin|spgist)\b/i),
  hint('postgres', 3, /\b(?:bytea|inet|cidr|tsvector|citext|hstore|bigint\[\]|text\[\])(?!\w)/i),
  hint('postgres', 3, /\bgenerated\s+(?:always|by\s+default)\s+as\s+identity\b/i),
  hint('postgres', 3, /\bgen_random_uuid\s*\(|\buuid_generate_v4\s*\(|\b(?:next|set|curr)val\s*\(/i),
  hint('postgres', 3, /\bcomment\s+on\s+(?:table|column|index|type|function|schema|constraint)\b/i),
  hint('postgres', 3, /\bcopy\s+[\w."]+[^;]*\bfrom\s+stdin\b/i),
  hint('postgres', 3, /\balter\s+table\s+only\b|\balter\s+(?:type|index|sequence|schema)\b/i),
  hint('postgres', 1, /\balter\s+column\b/i),
  hint('postgres', 1, /\badd\s+constraint\b/i),
  hint('postgres', 1, /\bnow\s*\(\s*\)/i),
  hint('postgres', 1, /\bdouble\s+precision\b|\buuid\b|\bpublic\./i),
  hint('postgres', 1, /\bdrop\s+table\b[^;]*\bcascade\b/i),
  hint('mysql', 3, /\bengine\s*=\s*(?:innodb|myisam)\b/i),
  hint('mysql', 3, /\bauto_increment\b/i),
  hint('mysql', 3, /\b(?:default\s+)?(?:charset|character\s+set)\s*=?\s*utf8/i),
  hint('mysql', 3, /\bint(?:eger)?\s*(?:\(\d+\)\s*)?unsigned\b/i),
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
