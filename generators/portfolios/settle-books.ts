/** What follows from lots and allocations, worked out again when some of them are gone: sums, states, and rows left without a meaning. */
import { difference, quantityText, sum, type Units, unitsOf } from './amounts.ts';
import { type Entities, type EntityRow, keepWith } from './entities.ts';

/**
 * Books that agree with themselves: an allocation has its sale and a lot of the same holding; a sale is the sum of its allocations, and
 * there is none without; a lot's remaining quantity is its quantity less its allocations, its state says so; a holding is the sum of what
 * remains of its lots, and there is none without. Whatever was removed, what is left is legal; what agrees already stays as it is.
 * Entities that are not there are not asked for.
 */
export function settleBooks(entities: Entities, hasLots: boolean): Entities {
  const { portfolio, lot: lotRows, sale: saleRows, allocation: allocationRows } = entities;
  const holdings = keepWith(entities['holding'], portfolio, 'portfolio');
  const settled: Entities = { ...entities, ...(holdings === undefined ? {} : { holding: holdings }) };
  if (!hasLots || lotRows === undefined) return childrenOf(settled);
  const owned = keepWith(lotRows, holdings, 'holding') ?? [];
  const lotHolding = new Map(owned.map((row) => [row['id'], row['holding']]));
  const saleHolding = new Map(
    (keepWith(saleRows, holdings, 'holding') ?? []).map((row) => [row['id'], row['holding']]),
  );
  const allocations = (allocationRows ?? []).filter(
    ({ lot, sale }) =>
      lot !== undefined && sale !== undefined && lotHolding.has(lot) && lotHolding.get(lot) === saleHolding.get(sale),
  );
  const allocatedBySale = sumBy(allocations, 'sale', 'quantity');
  const allocatedByLot = sumBy(allocations, 'lot', 'quantity');
  const lots = owned.map((row) => settleLot(row, allocatedByLot.get(row['id'] ?? null) ?? 0n));
  const remaining = sumBy(lots, 'holding', 'remaining');
  return childrenOf({
    ...settled,
    ...(saleRows === undefined
      ? {}
      : {
          sale: saleRows.flatMap((row) => {
            const quantity = saleHolding.has(row['id']) ? allocatedBySale.get(row['id'] ?? null) : undefined;
            return quantity === undefined ? [] : [withAmount(row, 'quantity', quantity)];
          }),
        }),
    ...(allocationRows === undefined ? {} : { allocation: allocations }),
    lot: lots,
    ...(holdings === undefined
      ? {}
      : {
          holding: holdings.flatMap((row) => {
            const quantity = remaining.get(row['id'] ?? null);
            return quantity === undefined ? [] : [withAmount(row, 'quantity', quantity)];
          }),
        }),
  });
}

/** A lot of which more was sold than it had becomes as large as what was sold. */
function settleLot(row: EntityRow, allocated: Units): EntityRow {
  const given = unitsOf(row['quantity']);
  const isTooSmall = allocated !== 'NaN' && allocated > 0n && given !== 'NaN' && given < allocated;
  const quantity = isTooSmall ? allocated : given;
  const remaining = difference(quantity, allocated);
  return {
    ...withAmount(withAmount(row, 'quantity', quantity), 'remaining', remaining),
    status: remaining === 0n ? 'closed' : remaining === quantity ? 'open' : 'partial',
  };
}

/** A text that is the amount already stays as it is written. */
function withAmount(row: EntityRow, field: string, units: Units): EntityRow {
  const text = row[field];
  return typeof text === 'string' && unitsOf(text) === units ? row : { ...row, [field]: quantityText(units) };
}

/** Without the rows whose holding is gone. */
function childrenOf(entities: Entities): Entities {
  const { holding } = entities;
  if (holding === undefined) return entities;
  const children = ['dividend', 'action'] as const;
  return {
    ...entities,
    ...Object.fromEntries(
      children.flatMap((entity) => {
        const kept = keepWith(entities[entity], holding, 'holding');
        return kept === undefined ? [] : [[entity, kept]];
      }),
    ),
  };
}

function sumBy(rows: readonly EntityRow[], key: string, field: string): ReadonlyMap<string | boolean | null, Units> {
  const sums = new Map<string | boolean | null, Units>();
  for (const row of rows) {
    const group = row[key] ?? null;
    sums.set(group, sum([sums.get(group) ?? 0n, unitsOf(row[field])]));
  }
  return sums;
}
