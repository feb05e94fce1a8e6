/** Pagers of the model: those that are right, and each of the mistakes that `cursor-stable` has to see. */
import type { PagerKey } from '../../harness/core/pager.ts';
import { cell, type SimPager, type SimRow } from './simulate.ts';

const column = (name: string, direction: PagerKey['direction']): PagerKey => ({ column: name, direction, nulls: null });
const num = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
const parse = (cursor: string): readonly string[] => cursor.split('|');

function byAtId(a: SimRow, b: SimRow): number {
  const [x, y] = [num(a.at), num(b.at)];
  return x === y ? a.id - b.id : x - y;
}

/** `ORDER BY at, id` with `(at, id) > ($1, $2)` and exact text. */
const CORRECT: SimPager = {
  name: 'correct',
  kind: 'scan',
  movedRows: 'forbid',
  key: [column('at', 'asc'), column('id', 'asc')],
  touches: false,
  hasNulls: false,
  keyOf: ({ at, id }) => [cell(at), String(id)],
  compare: byAtId,
  after(rows, cursor) {
    if (cursor === '') return rows;
    const [at = '', id = ''] = parse(cursor);
    return rows.filter((row) => num(row.at) > Number(at) || (num(row.at) === Number(at) && row.id > Number(id)));
  },
  cursor: ({ at, id }) => `${at}|${id}`,
};

const CORRECT_DESCENDING: SimPager = {
  ...CORRECT,
  name: 'correct-descending',
  key: [column('at', 'desc'), column('id', 'desc')],
  compare: (a, b) => byAtId(b, a),
  after(rows, cursor) {
    if (cursor === '') return rows;
    const [at = '', id = ''] = parse(cursor);
    return rows.filter((row) => num(row.at) < Number(at) || (num(row.at) === Number(at) && row.id < Number(id)));
  },
};

/** Rows may move, and the application says that it can live with what that does. */
const CORRECT_MOVING: SimPager = { ...CORRECT, name: 'correct-moving', touches: true, movedRows: 'may-miss' };

/** Rows of transactions that began before every one that is still under way. */
const CORRECT_TAIL: SimPager = {
  ...CORRECT,
  name: 'correct-tail',
  kind: 'tail',
  movedRows: 'may-miss',
  key: [column('xid', 'asc'), column('id', 'asc')],
  keyOf: ({ xid, id }) => [String(xid), String(id)],
  compare: (a, b) => (a.xid === b.xid ? a.id - b.id : a.xid - b.xid),
  after(rows, cursor, horizon) {
    const safe = rows.filter(({ xid }) => xid < horizon);
    if (cursor === '') return safe;
    const [xid = '', id = ''] = parse(cursor);
    return safe.filter((row) => row.xid > Number(xid) || (row.xid === Number(xid) && row.id > Number(id)));
  },
  cursor: ({ xid, id }) => `${xid}|${id}`,
};

export const RIGHT: readonly SimPager[] = [CORRECT, CORRECT_DESCENDING, CORRECT_MOVING, CORRECT_TAIL];

export const WRONG: readonly SimPager[] = [
  {
    ...CORRECT,
    name: 'offset',
    after: (rows, cursor) => rows.slice(Number(cursor)),
    cursor: (_last, seen) => String(seen),
  },
  {
    ...CORRECT,
    name: 'timestamp alone',
    after: (rows, cursor) => (cursor === '' ? rows : rows.filter(({ at }) => num(at) > Number(cursor))),
    cursor: ({ at }) => String(at),
  },
  {
    ...CORRECT,
    name: 'milliseconds',
    cursor: ({ at, id }) => `${Math.floor(num(at) / 1000) * 1000}|${id}`,
  },
  {
    ...CORRECT,
    name: 'nullable key',
    hasNulls: true,
    after(rows, cursor) {
      if (cursor === '') return rows;
      const [at = '', id = ''] = parse(cursor);
      // A comparison with NULL is not true, whichever side it stands on.
      return rows.filter(
        (row) =>
          row.at !== null && at !== 'null' && (row.at > Number(at) || (row.at === Number(at) && row.id > Number(id))),
      );
    },
  },
  { ...CORRECT, name: 'updated_at', touches: true },
  {
    ...CORRECT,
    name: 'mixed directions as a tuple',
    key: [column('at', 'asc'), column('id', 'desc')],
    compare: (a, b) => (num(a.at) === num(b.at) ? b.id - a.id : num(a.at) - num(b.at)),
  },
  {
    ...CORRECT,
    name: 'predicate other than order',
    after: (rows, cursor) => (cursor === '' ? rows : rows.filter(({ id }) => id > Number(parse(cursor)[1]))),
  },
  {
    ...CORRECT,
    name: 'collation',
    key: [column('name', 'asc'), column('id', 'asc')],
    keyOf: ({ name, id }) => [name, String(id)],
    compare: (a, b) => {
      const [x, y] = [a.name.toLowerCase(), b.name.toLowerCase()];
      if (x === y) return a.name === b.name ? a.id - b.id : a.name < b.name ? -1 : 1;
      return x < y ? -1 : 1;
    },
    after(rows, cursor) {
      if (cursor === '') return rows;
      const [name = '', id = ''] = parse(cursor);
      return rows.filter((row) => row.name > name || (row.name === name && row.id > Number(id)));
    },
    cursor: ({ name, id }) => `${name}|${id}`,
  },
  {
    ...CORRECT_TAIL,
    name: 'tail by id alone',
    key: [column('id', 'asc')],
    keyOf: ({ id }) => [String(id)],
    compare: (a, b) => a.id - b.id,
    after: (rows, cursor) => (cursor === '' ? rows : rows.filter(({ id }) => id > Number(cursor))),
    cursor: ({ id }) => String(id),
  },
  {
    ...CORRECT,
    name: 'cached first page',
    // Answers from what it saw before: a row that is gone still comes.
    after: (rows, cursor) => CORRECT.after(rows, cursor, 0),
    cursor: ({ at, id }) => `${at}|${id - 1}`,
  },
];

/** It misses only the rows that move back across the cursor before they came, which is rare. */
export const AT_LEAST_ONCE: SimPager = {
  ...CORRECT,
  name: 'updated_at, at least once',
  touches: true,
  movedRows: 'at-least-once',
};
