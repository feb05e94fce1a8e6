/** Values of conditions as the inner text of a column. */
import { baseType, type ColumnPlan } from '../plan/column-plan.ts';
import { formatTime, formatTimestamp } from '../values/calendar.ts';
import { formatDecimal } from '../values/decimal.ts';
import type { Value } from './value.ts';

/** The text by which a scale reads a value; null where it cannot. */
export function scaleText(value: Value): string | null {
  switch (value.kind) {
    case 'number':
      return formatDecimal(value.number.units, value.number.scale);
    case 'instant':
    case 'time':
      return instantText(value);
    case 'text':
      return value.text;
    default:
      return null;
  }
}

/** A value as inner text of a column; null where the column cannot hold it. */
export function textFor(plan: ColumnPlan, value: Value): string | null {
  const type = baseType(plan.storage.type);
  if (value.kind === 'boolean') return type.kind === 'boolean' ? (value.value ? 't' : 'f') : value.value ? '1' : '0';
  if (type.kind === 'boolean') return booleanText(value);
  if (value.kind === 'beyond') return value.rank === 2 ? 'NaN' : value.rank === 1 ? 'infinity' : '-infinity';
  if (value.kind === 'other') return value.text;
  const text = scaleText(value);
  if (text === null || plan.scale === null) return text;
  const position = plan.scale.parse(text, 'down');
  return position === null || position !== plan.scale.parse(text, 'up') ? null : plan.scale.format(position);
}

function booleanText(value: Value): string | null {
  if (value.kind === 'number') return value.number.units === 0n ? 'f' : 't';
  return value.kind === 'text' ? (/^(t|true|1)$/i.test(value.text) ? 't' : 'f') : null;
}

function instantText(value: Extract<Value, { kind: 'instant' | 'time' }>): string {
  return value.kind === 'instant' ? formatTimestamp(value.micros, '') : formatTime(value.micros);
}
