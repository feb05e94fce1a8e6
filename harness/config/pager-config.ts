/** A pager as a person declares it, and what may be left out. */
import { z } from 'zod';
import type { CursorEncoding, MovedRowsPolicy, OpenPager, PagerKey } from '../core/pager.ts';

/** One part of the order: its text (`created_at desc nulls last`), or its parts. */
export type PagerKeyConfig =
  | string
  | {
      readonly column: string;
      readonly direction?: PagerKey['direction'] | undefined;
      readonly nulls?: 'first' | 'last' | undefined;
    };

/** How the application turns pages through one table, as SQL or as a module of its own. */
export interface PagerConfig {
  readonly id: string;
  /** First migration (id or name) after which it is asked; without it: wherever its table is. */
  readonly from?: string | undefined;
  /** Last migration (id or name) after which it is asked; without it: the last of the set. */
  readonly until?: string | undefined;
  readonly table: string;
  /** Columns that tell a row from every other; without it: the primary key. */
  readonly identity?: readonly string[] | undefined;
  /** The total order, the most significant part first: `created_at desc, id desc`. */
  readonly key: string | readonly PagerKeyConfig[];
  /** A SQL condition that every row of the pages fulfils. */
  readonly filter?: string | undefined;
  readonly kind?: 'scan' | 'tail' | undefined;
  readonly movedRows?: MovedRowsPolicy | undefined;
  /** The index that every page must use, or several of which any one will do. */
  readonly index?: string | readonly string[] | undefined;
  /** How many times the estimated cost of the first page a deep one may have. PostgreSQL only. */
  readonly maxCostRatio?: number | undefined;
  /** SQLSTATE, or words of the message, with which a cursor may be refused that a migration made meaningless. */
  readonly refusal?: string | undefined;
  /** The first page; its one placeholder is the page size. Without `first` and `next`: keyset SQL over table, key and filter. */
  readonly first?: string | undefined;
  /** Every later page; its placeholders are the cursor's cells in the order of the key, then the page size. */
  readonly next?: string | undefined;
  /** The same from the end; `true`: derived as well. */
  readonly backward?: true | { readonly first: string; readonly next: string } | undefined;
  /** Writer transactions of a case in which sessions are really at work at once; 0: no such case. */
  readonly overlappingTransactions?: number | undefined;
  /** How the client holds the cursor. */
  readonly cursor?: CursorEncoding | undefined;
  /** Path of a module that exports `open(connection, limit)`, relative to the configuration. */
  readonly module?: string | undefined;
  /** The same as a function. Only in a TypeScript or JavaScript configuration. */
  readonly open?: OpenPager | undefined;
}

/** An object schema that refuses unknown keys with the nearest known one. */
type Strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.ZodObject<Shape, z.core.$strict>;

/** The schema of one pager. `text` is text that is not blank. */
export function pagerSchema(strict: Strict, text: z.ZodType<string, string>): z.ZodType<PagerConfig> {
  const part = z.union([
    text,
    strict({
      column: text,
      direction: z.enum(['asc', 'desc']).optional(),
      nulls: z.enum(['first', 'last']).optional(),
    }),
  ]);
  return strict({
    id: text,
    from: text.optional(),
    until: text.optional(),
    table: text,
    identity: z.array(text).min(1).optional(),
    key: z.union([text, z.array(part).min(1)], {
      error: 'must be an order as text ("created_at desc, id desc"), or a list of { column, direction, nulls }',
    }),
    filter: text.optional(),
    kind: z.enum(['scan', 'tail']).optional(),
    movedRows: z.enum(['forbid', 'at-least-once', 'may-miss']).optional(),
    index: z.union([text, z.array(text).min(1)]).optional(),
    maxCostRatio: z.number().min(1).optional(),
    refusal: text.optional(),
    first: text.optional(),
    next: text.optional(),
    backward: z
      .union([z.literal(true), strict({ first: text, next: text })], {
        error: 'must be true, or { first, next } with SQL',
      })
      .optional(),
    overlappingTransactions: z.number().int().min(0).max(100_000).optional(),
    cursor: z.enum(['text', 'json', 'js-date', 'offset']).optional(),
    module: text.optional(),
    open: z
      .custom<OpenPager>(
        (value) => typeof value === 'function',
        'must be a function (only a TypeScript or JavaScript configuration can hold one)',
      )
      .optional(),
  }).superRefine((given, context) => {
    for (const { path, message } of contradictions(given)) context.addIssue({ code: 'custom', path: [path], message });
  });
}

interface Contradiction {
  readonly path: keyof PagerConfig;
  readonly message: string;
}

/** What one entry says that does not go together. */
function contradictions(given: PagerConfig): readonly Contradiction[] {
  const issues: Contradiction[] = [];
  const say = (path: keyof PagerConfig, message: string): void => {
    issues.push({ path, message });
  };
  const isModule = given.module !== undefined || given.open !== undefined;
  if (given.module !== undefined && given.open !== undefined) say('open', 'cannot stand beside "module"');
  if ((given.first === undefined) !== (given.next === undefined))
    say(
      given.first === undefined ? 'first' : 'next',
      'is missing: give both "first" and "next", or neither (then keyset SQL is derived)',
    );
  for (const key of ['first', 'next', 'backward', 'cursor', 'maxCostRatio'] as const)
    if (isModule && given[key] !== undefined) say(key, 'says nothing about a module, which asks by itself');
  if (isModule && given.index !== undefined) say('index', 'cannot be judged of a module: its SQL is not seen');
  if (given.backward === true && given.first !== undefined)
    say('backward', 'must be { first, next } where "first" and "next" are given');
  if (given.kind === 'tail' && given.backward !== undefined)
    say('backward', 'says nothing about a tail, which only goes forward');
  if (given.kind === 'tail' && given.cursor === 'offset')
    say('cursor', 'must not be "offset" for a tail, which has no end to count from');
  return issues;
}
