/**
 * Values that may break a condition. Which of them do, the database says: it is asked for the condition's truth.
 */
import type { Cell } from '../harness/core/dataset.ts';
import type { ColumnType, SchemaModel } from '../harness/core/schema.ts';

/** More numbers of a condition than these are hardly ever needed to break it. */
const MOST_NUMBERS = 6;
const LONGEST = 20_000;

/** At most some forty values, without repetition. Empty where the column is not there. */
export function breakingCells(model: SchemaModel, table: string, column: string, condition: string): readonly Cell[] {
  const type = model.tables.find(({ key }) => key === table)?.columns.find(({ name }) => name === column)?.type;
  return type === undefined ? [] : [...new Set(cellsOf(type, condition))];
}

function cellsOf(type: ColumnType, condition: string): readonly Cell[] {
  const numbers = [...condition.matchAll(/\d+(?:\.\d+)?/g)].map(([text]) => text).slice(0, MOST_NUMBERS);
  const texts = [...condition.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"));
  switch (type.kind) {
    case 'integer':
      return around(numbers)
        .filter((cell) => isWithin(cell, type.min, type.max))
        .concat(type.min, type.max);
    case 'numeric':
    case 'float':
    case 'money':
      return [
        ...around(numbers),
        '-0.01',
        '0.01',
        '999',
        '-999',
        ...(type.kind === 'numeric' && type.hasNaN ? ['NaN'] : []),
      ];
    case 'text':
      return textCells(numbers, texts).filter((text) => type.maxLength === null || text.length <= type.maxLength);
    case 'boolean':
      return ['t', 'f'];
    case 'date':
      return ['0001-01-01', '9999-12-31', '1970-01-01', ...texts];
    case 'timestamp':
      return ['0001-01-01 00:00:00', '9999-12-31 00:00:00', '1970-01-01 00:00:00', ...texts];
    case 'time':
      return ['00:00:00', '23:59:59'];
    case 'enum':
      return type.labels;
    case 'json':
      return ['{}', '[]', 'null', '1', '"x"', 'true'];
    case 'array':
      return ['{}', '{NULL}'];
    case 'uuid':
      return [NOBODY, '00000000-0000-0000-0000-000000000000'];
    case 'domain':
      return [...cellsOf(type.base, `${condition} ${type.checks.join(' ')}`), null];
    case 'sqlite':
      return [
        ...around(numbers),
        '1.5',
        ...textCells(numbers, texts).map((text) => `'${text.replaceAll("'", "''")}'`),
        "X'00'",
        null,
      ];
    default:
      return [null];
  }
}

const NOBODY = 'dead0000-0000-4000-8000-00000000dead';

function around(numbers: readonly string[]): readonly string[] {
  const near = numbers
    .filter((text) => /^\d{1,18}$/.test(text))
    .flatMap((text) => [String(BigInt(text) - 1n), text, String(BigInt(text) + 1n)]);
  return ['-1', '0', '1', ...near, '1987654321'];
}

function textCells(numbers: readonly string[], texts: readonly string[]): readonly string[] {
  const lengths = numbers.map(Number).filter((length) => Number.isInteger(length) && length < LONGEST);
  const long = lengths.flatMap((length) => ['x'.repeat(length + 1), 'x'.repeat(Math.max(0, length - 1))]);
  return ['', 'x', ' ', 'nobody knows this one', '\u{10ffff}', ...texts, ...texts.map((text) => `${text}x`), ...long];
}

function isWithin(cell: string, min: string, max: string): boolean {
  return BigInt(cell) >= BigInt(min) && BigInt(cell) <= BigInt(max);
}
