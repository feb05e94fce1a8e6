/** What must be true of an investor's books, as invariants and conserved queries over the tables that `names` gives. Exact: no tolerance anywhere. */
import { PalindromeError } from '../../harness/core/errors.ts';
import type { InvestorNames } from './investor-fields.ts';

/** For `invariants` in a configuration. */
export interface PortfolioInvariant {
  readonly id: string;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly sql: string;
}

/** For `conserve` in a configuration. */
export interface PortfolioConservation {
  readonly id: string;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly sql: string;
  readonly after: string | undefined;
}

/** Options of `portfolioInvariants`. */
export interface PortfolioLawOptions {
  readonly names: InvestorNames;
  /** First migration (id or name) after which there are lots; without it the first of the set. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * Lots are their holding, each holding has lots and each lot a holding, what remains of a lot is what sales left of it and never negative, its status
 * agrees, and what was allocated of a sale is the sale, from lots of its holding. Laws whose fields have no name are left out.
 *
 * ```ts
 * invariants: portfolioInvariants({ names: TRACK_YOUR_STACK, from: '20251116090000' }),
 * ```
 */
export function portfolioInvariants({ names, from, until }: PortfolioLawOptions): readonly PortfolioInvariant[] {
  return LAWS.flatMap(([id, law]) => {
    const sql = withNames(names, law);
    return sql === null ? [] : [{ id, from, until, sql }];
  });
}

/** Options of `portfolioConservation`. */
export interface PortfolioConservationOptions {
  readonly names: InvestorNames;
  /** The migration that makes lots from holdings: what they hold, cost and when they were bought must be what the holdings say. */
  readonly lotsMadeBy?: string | undefined;
  /** The first migration that finds lots: from then on every lot keeps its quantity, cost and date. Without it lots are not asked. */
  readonly lotsFrom?: string | undefined;
  /** The first migration that finds holdings, and the last; without them the first and the last of the set. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * What migrations must leave as it is: the number of holdings and what they hold and cost, in all and by portfolio; each lot's quantity, cost and
 * date; and, across the migration that makes lots, what each holding has, cost, and when it was bought.
 */
export function portfolioConservation(options: PortfolioConservationOptions): readonly PortfolioConservation[] {
  const { names, lotsMadeBy, lotsFrom, from, until } = options;
  const entry = (
    id: string,
    span: { readonly from: string | undefined; readonly until: string | undefined },
    law: Law,
    lawAfter?: Law,
  ): PortfolioConservation[] => {
    const sql = withNames(names, law);
    const after = lawAfter === undefined ? undefined : withNames(names, lawAfter);
    return sql === null || after === null ? [] : [{ id, ...span, sql, after }];
  };
  return [
    ...entry('holdings-are-conserved', { from, until }, HOLDINGS),
    ...entry('holdings-by-portfolio-are-conserved', { from, until }, HOLDINGS_BY_PORTFOLIO),
    ...(lotsFrom === undefined ? [] : entry('lots-are-conserved', { from: lotsFrom, until }, LOTS)),
    ...(lotsMadeBy === undefined
      ? []
      : entry('lots-are-made-of-holdings', { from: lotsMadeBy, until: lotsMadeBy }, BASIS_OF_HOLDINGS, BASIS_OF_LOTS)),
  ];
}

/** SQL in which `{entity}` is a table, `{entity.field}` a column, and `{entity.field=label}` what the schema calls a label. */
type Law = string;

const LAWS: readonly (readonly [id: string, law: Law])[] = [
  [
    'lots-sum-to-holding',
    `SELECT h.{holding.id}, h.{holding.quantity} AS held, SUM(l.{lot.remaining}) AS in_lots
     FROM {holding} h JOIN {lot} l ON l.{lot.holding} = h.{holding.id}
     GROUP BY h.{holding.id}, h.{holding.quantity}
     HAVING SUM(l.{lot.remaining}) IS DISTINCT FROM h.{holding.quantity}`,
  ],
  [
    'every-holding-has-lots',
    `SELECT h.{holding.id}, h.{holding.quantity} AS held FROM {holding} h
     WHERE NOT EXISTS (SELECT 1 FROM {lot} l WHERE l.{lot.holding} = h.{holding.id})`,
  ],
  [
    'every-lot-has-a-holding',
    `SELECT l.{lot.id}, l.{lot.holding} FROM {lot} l
     WHERE NOT EXISTS (SELECT 1 FROM {holding} h WHERE h.{holding.id} = l.{lot.holding})`,
  ],
  [
    'lot-remaining-is-quantity-less-allocations',
    `SELECT l.{lot.id}, l.{lot.quantity} AS bought, l.{lot.remaining} AS remaining FROM {lot} l
     WHERE l.{lot.remaining} IS DISTINCT FROM l.{lot.quantity} -
       (SELECT COALESCE(SUM(a.{allocation.quantity}), 0) FROM {allocation} a WHERE a.{allocation.lot} = l.{lot.id})`,
  ],
  [
    'lot-remaining-is-within-its-quantity',
    `SELECT l.{lot.id}, l.{lot.quantity} AS bought, l.{lot.remaining} AS remaining FROM {lot} l
     WHERE l.{lot.remaining} < 0 OR l.{lot.remaining} > l.{lot.quantity}`,
  ],
  [
    'lot-status-agrees-with-remaining',
    `SELECT l.{lot.id}, l.{lot.quantity} AS bought, l.{lot.remaining} AS remaining, l.{lot.status} AS status FROM {lot} l
     WHERE CAST(l.{lot.status} AS text) IS DISTINCT FROM CASE
       WHEN l.{lot.remaining} = 0 THEN {lot.status=closed}
       WHEN l.{lot.remaining} = l.{lot.quantity} THEN {lot.status=open}
       ELSE {lot.status=partial} END`,
  ],
  [
    'allocations-sum-to-their-sale',
    `SELECT s.{sale.id}, s.{sale.quantity} AS sold, SUM(a.{allocation.quantity}) AS allocated
     FROM {sale} s LEFT JOIN {allocation} a ON a.{allocation.sale} = s.{sale.id}
     GROUP BY s.{sale.id}, s.{sale.quantity}
     HAVING SUM(a.{allocation.quantity}) IS DISTINCT FROM s.{sale.quantity}`,
  ],
  [
    'sales-take-from-lots-of-their-holding',
    `SELECT a.{allocation.id}, s.{sale.holding} AS sold_of, l.{lot.holding} AS taken_of
     FROM {allocation} a JOIN {sale} s ON s.{sale.id} = a.{allocation.sale} JOIN {lot} l ON l.{lot.id} = a.{allocation.lot}
     WHERE s.{sale.holding} <> l.{lot.holding}`,
  ],
];

const HOLDINGS = `SELECT COUNT(*) AS holdings, SUM({holding.quantity}) AS held, SUM({holding.quantity} * {holding.averageCost}) AS cost FROM {holding}`;

const HOLDINGS_BY_PORTFOLIO = `SELECT {holding.portfolio}, COUNT(*) AS holdings, SUM({holding.quantity}) AS held FROM {holding} GROUP BY {holding.portfolio}`;

const LOTS = `SELECT {lot.id}, {lot.holding}, {lot.quantity}, {lot.unitCost}, {lot.acquiredOn} FROM {lot}`;

/** A date is the first ten characters of a moment in both dialects, which do not cast alike. */
const BASIS_OF_HOLDINGS = `SELECT {holding.id} AS holding, {holding.quantity} AS held, {holding.quantity} * {holding.averageCost} AS cost,
    SUBSTR(CAST({holding.createdAt} AS text), 1, 10) AS acquired
  FROM {holding}`;

const BASIS_OF_LOTS = `SELECT {lot.holding} AS holding, SUM({lot.remaining}) AS held, SUM({lot.remaining} * {lot.unitCost}) AS cost,
    SUBSTR(CAST(MIN({lot.acquiredOn}) AS text), 1, 10) AS acquired
  FROM {lot} GROUP BY {lot.holding}`;

/** The law in the schema's names; null where one of them is missing. */
function withNames(names: InvestorNames, law: Law): string | null {
  let isComplete = true;
  const missing = (): string => {
    isComplete = false;
    return '';
  };
  const sql = law.replaceAll(
    /\{(\w+)(?:\.(\w+)(?:=([\w-]+))?)?\}/g,
    (_whole, entity: string, field?: string, label?: string) => {
      const own = names[entity as keyof InvestorNames];
      if (own === undefined) return missing();
      if (field === undefined) return quoteTable(own.table);
      const columns = own.columns as Readonly<Record<string, string | undefined>>;
      const labels = own.labels as Readonly<Record<string, Readonly<Record<string, string>> | undefined>> | undefined;
      if (label !== undefined) return `'${(labels?.[field]?.[label] ?? label).replaceAll("'", "''")}'`;
      const column = columns[field];
      return column === undefined ? missing() : quoteName(column);
    },
  );
  return isComplete ? sql : null;
}

function quoteName(name: string): string {
  if (name === '') throw new PalindromeError('names-invalid', 'A table or column has an empty name.');
  return `"${name.replaceAll('"', '""')}"`;
}

/** `schema.table`, each part quoted or not. */
function quoteTable(table: string): string {
  const parts = table.match(/"(?:[^"]|"")*"|[^.]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part : quoteName(part))).join('.');
}
