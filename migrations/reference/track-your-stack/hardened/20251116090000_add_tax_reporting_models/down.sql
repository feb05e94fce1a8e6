-- Lots that the migration made can be made again from their investments. Sales, allocations and later lots cannot:
-- while there are any, this refuses and leaves everything as it is.
DO $$
BEGIN
  IF to_regclass('"TaxLot"') IS NULL THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM "SaleTransaction")
    OR EXISTS (SELECT FROM "TaxLotAllocation")
    OR EXISTS (
      SELECT FROM "TaxLot" l
      JOIN "Investment" i ON i."id" = l."investmentId"
      WHERE (l."id", l."purchaseDate", l."quantity", l."costBasisPerUnit", l."fees", l."remainingQuantity")
        IS DISTINCT FROM
        ('lot_' || i."id", i."createdAt"::date, i."totalQuantity", i."averageCostBasis", 0, i."totalQuantity")
    )
  THEN
    RAISE EXCEPTION 'there are sales, or lots that no investment can give back'
      USING HINT = 'Copy "SaleTransaction", "TaxLotAllocation" and "TaxLot" away and empty them before rolling back.';
  END IF;
END
$$;

DROP TABLE IF EXISTS "TaxLotAllocation";
DROP FUNCTION IF EXISTS "give_back_allocation"();
DROP TABLE IF EXISTS "SaleTransaction";
DROP TABLE IF EXISTS "TaxLot";
DROP TYPE IF EXISTS "TaxLotStatus";
