/**
 * The configuration's schema. Objects are strict: an unknown key is an error that names the nearest known one,
 * since a misspelt declaration that is silently dropped would change what a verdict means.
 */
import { z } from 'zod';
import { isDay } from '../core/acceptance.ts';
import { MASK_KINDS, MOST_DATASET_ROWS } from '../core/mask-rule.ts';
import { LAYOUT_NAMES } from '../core/migration.ts';
import { PROPERTY_IDS } from '../core/property.ts';
import { PROVIDER_CHOICES } from './define-config.ts';
import type { UserConfig } from './define-config.ts';
import { suggestion } from './nearest.ts';
import { pagerSchema } from './pager-config.ts';
import { MAX_WORKERS } from './workers.ts';

const text = z.string().refine((value) => value.trim() !== '', 'must not be blank');
const reason = text;
const column = z
  .string()
  .refine((value) => value.includes('.'), 'must be "table.column" (quoted as in SQL where needed)');
const wholeMs = z.int().min(1).max(86_400_000);

const isFunction = (value: unknown): boolean => typeof value === 'function';
const invariant = strict({
  id: text,
  from: text.optional(),
  until: text.optional(),
  sql: text.optional(),
  check: z
    .custom<NonNullable<NonNullable<UserConfig['invariants']>[number]['check']>>(
      isFunction,
      'must be a function (only a TypeScript or JavaScript configuration can hold one)',
    )
    .optional(),
}).refine(
  ({ sql, check }) => (sql === undefined) !== (check === undefined),
  'must have either "sql" or "check"',
) as unknown as z.ZodType<NonNullable<UserConfig['invariants']>[number]>;
const conserve = strict({
  id: text,
  from: text.optional(),
  until: text.optional(),
  sql: text,
  after: text.optional(),
});
const prepare = strict({ from: text.optional(), until: text.optional(), sql: text });
const property = z.enum(PROPERTY_IDS);
const query = strict({
  id: text,
  from: text.optional(),
  until: text.optional(),
  sql: text,
  params: z.array(text).optional(),
  index: z.union([text, z.array(text).min(1)]),
  maxCostRatio: z.number().min(1).optional(),
});
const model = strict({ sql: text.optional(), drizzle: text.optional(), prisma: text.optional() }).refine(
  (value) => Object.values(value).filter((given) => given !== undefined).length === 1,
  'must name one of sql, drizzle and prisma',
);
const parity = strict({ except: z.array(strict({ object: text, reason })).optional() });

const declare = strict({
  lossy: z.array(strict({ column, where: text.optional(), reason })).optional(),
  irreversible: strict({ reason }).optional(),
  preconditions: z.array(strict({ sql: text, reason })).optional(),
  maps: z.array(strict({ column, as: text, reason: reason.optional() })).optional(),
  rowChanges: z.array(strict({ table: text, reason })).optional(),
  claims: z.array(z.enum(['idempotent'])).optional(),
  rerun: z.enum(['refuse', 'idempotent']).optional(),
  ignore: z.array(strict({ property, reason })).optional(),
});

const ignore = strict({ migrations: text.optional(), property: property.optional(), reason }).refine(
  (value) => value.migrations !== undefined || value.property !== undefined,
  'must name migrations, a property, or both',
);

const waiver = strict({
  migration: text,
  property,
  clause: text.optional(),
  object: text.optional(),
  reason,
  expires: z.string().refine(isDay, 'must be a day as YYYY-MM-DD that the calendar has, for example "2027-03-31"'),
  owner: text.optional(),
});

const sqlite = strict({
  foreignKeys: z.boolean().optional(),
  functions: z
    .record(
      text,
      z.custom<(...args: unknown[]) => unknown>((value) => typeof value === 'function', 'must be a function'),
    )
    .optional(),
});

const runner = strict({
  ledger: text.optional(),
  confirm: z.enum(['remote', 'always']).optional(),
  lockTimeoutMs: wholeMs.optional(),
  wait: strict({ tries: z.int().min(1).max(100_000).optional(), delayMs: wholeMs.optional() }).optional(),
  backup: strict({
    directory: text.optional(),
    retentionDays: z.int().min(1).max(36_500).optional(),
    maxBackups: z.int().min(1).max(10_000).optional(),
  }).optional(),
});

const arbitrary = z.custom<NonNullable<UserConfig['generators']>[string]>(
  isArbitrary,
  'must be a fast-check arbitrary (only a TypeScript or JavaScript configuration can hold one)',
);

const dataset = strict({
  id: text,
  rows: z.custom<NonNullable<UserConfig['datasets']>[number]['rows']>(
    (value) => typeof value === 'function' || isArbitrary(value),
    'must be a fast-check arbitrary, or a function from the schema to one (only a TypeScript or JavaScript configuration can hold one)',
  ),
  derive: z
    .custom<NonNullable<NonNullable<UserConfig['datasets']>[number]['derive']>>(
      (value) => typeof value === 'function',
      'must be a function',
    )
    .optional(),
});

const maskRule = z.union(
  [
    z.enum(MASK_KINDS),
    strict({ kind: z.literal('constant'), value: z.string() }),
    strict({ kind: z.literal('shift'), per: text }),
    strict({ kind: z.literal('scale'), group: text.optional(), factor: z.int().min(2).max(1_000).optional() }),
  ],
  {
    error: ({ input }) =>
      `must be one of ${MASK_KINDS.join(', ')}, or { kind: 'constant', value }, { kind: 'shift', per } or { kind: 'scale', group, factor }${typeof input === 'string' ? suggestion(input, MASK_KINDS) : ''}`,
  },
);

const anonymise = strict({
  dataset: text.optional(),
  at: text.optional(),
  rows: z.int().min(1).max(MOST_DATASET_ROWS).optional(),
  rules: z.record(text, maskRule).optional(),
  salt: z.string().min(16, 'must have at least 16 characters: a shorter one can be guessed').optional(),
});

/** One schema for each key, so that a mistake in one does not hide those in another. */
export const CONFIG_SHAPE = {
  migrations: text,
  dialect: z.enum(['postgres', 'sqlite']),
  layout: z.enum(LAYOUT_NAMES),
  postgres: z.array(z.string().regex(/^\d\d$/, 'must be a major version as text, for example "17"')).min(1),
  provider: z.enum(PROVIDER_CHOICES),
  image: text,
  serverUrl: text,
  allowRemote: z.boolean(),
  cases: z.int().min(1).max(1_000_000),
  workers: z.int().min(1).max(MAX_WORKERS),
  seed: z.int().min(-2_147_483_648).max(4_294_967_295),
  timeouts: strict({ statementMs: wholeMs.optional(), scriptMs: wholeMs.optional() }),
  only: text,
  property: z.array(property).min(1),
  report: z.array(text).min(1),
  keep: z.boolean(),
  store: text,
  color: z.boolean(),
  invariants: z.array(invariant),
  conserve: z.array(conserve),
  prepare: z.array(prepare),
  queries: z.array(query),
  pagers: z.array(pagerSchema(strict, text)),
  model,
  parity,
  generators: z.record(column, arbitrary),
  datasets: z.array(dataset),
  anonymise,
  declare: z.record(text, declare),
  ignore: z.array(ignore),
  waivers: z.array(waiver),
  baseline: text,
  sqlite,
  runner,
} satisfies { readonly [Key in keyof Required<UserConfig>]: z.ZodType<UserConfig[Key]> };

export const CONFIG_KEYS = Object.keys(CONFIG_SHAPE) as readonly (keyof UserConfig)[];

/** A strict object whose complaint about unknown keys names the nearest known one. */
function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .map((key) => `unknown key "${key}"${suggestion(key, known) || `; known are ${known.join(', ')}`}`)
            .join('\n')
        : undefined,
  });
}

function isArbitrary(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'generate' in value &&
    typeof value.generate === 'function' &&
    'shrink' in value &&
    typeof value.shrink === 'function'
  );
}
