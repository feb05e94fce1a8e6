const COLLATOR = new Intl.Collator('en');

/** Orders names as `localeCompare` does in an English locale: the rule of the tools that are written in JavaScript. */
export function compareTitles(a: string, b: string): number {
  return COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
