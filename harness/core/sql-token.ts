/** A token of SQL as both dialects give it; blanks and comments are no tokens. */
export interface SqlToken {
  /** `word`: a bare name or keyword. `name`: a quoted one. `operator`: a mark or an operator. `other`: a blob, a parameter. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'operator' | 'other';
  /** A word in upper case; everything else as written. */
  readonly value: string;
  /** In UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}
