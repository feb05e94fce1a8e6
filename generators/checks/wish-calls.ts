/** Wishes for the calls that conditions are made of: shapes, dates, json, prefixes. They need no look at the rest of the condition. */
import { bareColumn, type Comparison, type Expression } from './expression.ts';
import { textValue } from './value.ts';
import type { Wish } from './wish.ts';

const FREE: Wish = { kind: 'free' };

/** The argument of functions that keep what a text is about. */
export function unwrapText(expression: Expression): Expression {
  const inner = expression.kind === 'cast' ? expression.arg : expression;
  if (
    inner.kind !== 'call' ||
    !['lower', 'upper', 'btrim', 'trim', 'ltrim', 'rtrim', 'coalesce', 'ifnull'].includes(inner.name)
  )
    return inner;
  const [first] = inner.args;
  return first === undefined ? inner : unwrapText(first);
}

/** Text behind casts; null for anything else. */
export function literalText(expression: Expression): string | null {
  if (expression.kind === 'cast') return literalText(expression.arg);
  return expression.kind === 'literal' && expression.value?.kind === 'text' ? expression.value.text : null;
}

/** The text that SQLite's date functions take: `date(x)`, `datetime(x)`, `strftime('…', x)`. */
export function momentShape(call: Extract<Expression, { kind: 'call' }>): Wish | null {
  const subject = call.name === 'strftime' ? call.args[1] : call.args[0];
  const column = subject === undefined ? null : bareColumn(subject);
  if (column === null || !['date', 'datetime', 'julianday', 'strftime'].includes(call.name)) return null;
  const format = call.name === 'strftime' && call.args[0] !== undefined ? (literalText(call.args[0]) ?? '') : '';
  return { kind: 'shape', column, shape: call.name === 'datetime' || /%H|%T/.test(format) ? 'datetime' : 'date' };
}

/** `name = lower(name)`, `name = btrim(name)`, `day = date(day)`. */
export function wishForOwnShape(op: Comparison, left: Expression, right: Expression): Wish | null {
  const [plain, wrapped] = left.kind === 'call' ? [right, left] : [left, right];
  const column = bareColumn(plain);
  if (op !== '=' || column === null || wrapped.kind !== 'call') return null;
  const moment = momentShape(wrapped);
  if (moment?.kind === 'shape' && moment.column === column) return moment;
  if (bareColumn(wrapped.args[0] ?? plain) !== column) return null;
  if (wrapped.name === 'lower' || wrapped.name === 'upper') return { kind: 'shape', column, shape: wrapped.name };
  return wrapped.name.endsWith('trim') ? { kind: 'shape', column, shape: 'trimmed' } : null;
}

/** Functions and operators that are conditions themselves. */
export function wishForCall(name: string, args: readonly Expression[], wanted: boolean): Wish {
  const [first, second] = args;
  const column = first === undefined ? null : bareColumn(first);
  if (column === null) return FREE;
  if (name === 'isempty')
    return { kind: 'set', column, isNegated: !wanted, values: [{ kind: 'literal', value: textValue('empty') }] };
  if (!wanted) return FREE;
  const text = second === undefined ? null : literalText(second);
  if (name === 'starts_with' && text !== null)
    return {
      kind: 'pattern',
      column,
      how: 'like',
      isNegated: false,
      pattern: `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`,
    };
  if (name === 'op ?' && text !== null) return { kind: 'json', column, type: 'object', key: text };
  if (name === 'json_valid') return { kind: 'json', column, type: 'object', key: null };
  if (name === 'op <@' && second?.kind === 'list') return { kind: 'subset', column, items: second.items };
  return FREE;
}
