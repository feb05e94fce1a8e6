-- The documented rollback. Without sales: pnpm prisma migrate resolve --rolled-back add_tax_reporting_models, under the heading "Drop new
-- tables"; it changes Prisma's ledger and drops nothing. With sales: a migration that keeps "TaxLot" and "SaleTransaction" for the record,
-- removes the foreign keys to "Investment", and marks them as archived, for which there is no column: here it is the comment on the table.
DO $$
BEGIN
  IF EXISTS (SELECT FROM "SaleTransaction") THEN
    ALTER TABLE "TaxLot" DROP CONSTRAINT IF EXISTS "TaxLot_investmentId_fkey";
    ALTER TABLE "SaleTransaction" DROP CONSTRAINT IF EXISTS "SaleTransaction_investmentId_fkey";
    COMMENT ON TABLE "TaxLot" IS 'archived';
    COMMENT ON TABLE "SaleTransaction" IS 'archived';
  END IF;
END
$$;
