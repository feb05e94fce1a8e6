/**
 * Reads a configuration from JSON without rounding: every number becomes a `Decimal` of its own digits, where `JSON.parse` would make a double of
 * it. What JSON leaves open is refused: a field given twice.
 */
import { Decimal } from './matrix-key.ts';
import type { ConfigValue } from './matrix-key.ts';

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Where a text ends; `JSON.parse` judges what is in it. */
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const WORDS: readonly (readonly [string, ConfigValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const MAX_DEPTH = 500;

/** The value that a JSON text stands for. Throws `SyntaxError` with the offset of what is wrong. */
export function parseConfig(json: string): ConfigValue {
  const reader = new Reader(json);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): ConfigValue {
    if (depth > MAX_DEPTH) throw this.fault('nested too deeply');
    this.match(BLANKS);
    if (this.take('[')) return this.list(']', () => this.value(depth + 1));
    if (this.take('{')) return this.fields(depth);
    if (this.text[this.at] === '"') return this.string();
    for (const [word, value] of WORDS) if (this.take(word)) return value;
    const number = this.match(NUMBER);
    if (number === null || number === '') throw this.fault('expected a value');
    return new Decimal(number);
  }

  end(): void {
    this.match(BLANKS);
    if (this.at < this.text.length) throw this.fault('something follows the value');
  }

  private fields(depth: number): ConfigValue {
    const entries = this.list('}', () => {
      this.match(BLANKS);
      const name = this.string();
      this.match(BLANKS);
      if (!this.take(':')) throw this.fault('expected a colon');
      return [name, this.value(depth + 1)] as const;
    });
    const names = new Set(entries.map(([name]) => name));
    if (names.size < entries.length) throw this.fault('a field is given twice in the object that ends');
    return Object.fromEntries(entries);
  }

  private list<Item>(closing: string, item: () => Item): Item[] {
    const items: Item[] = [];
    this.match(BLANKS);
    if (this.take(closing)) return items;
    do {
      items.push(item());
      this.match(BLANKS);
    } while (this.take(','));
    if (!this.take(closing)) throw this.fault(`expected a comma or ${closing}`);
    return items;
  }

  private string(): string {
    const literal = this.match(STRING);
    if (literal === null) throw this.fault('expected text in double quotes');
    try {
      return String(JSON.parse(literal));
    } catch {
      throw this.fault('a control character or an unknown escape in the text that ends');
    }
  }

  private take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }

  private fault(problem: string): SyntaxError {
    return new SyntaxError(`${problem} at offset ${this.at}`);
  }
}
