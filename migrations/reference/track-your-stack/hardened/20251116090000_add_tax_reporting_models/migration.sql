-- Phase 2: tax lots, sales and allocations, with the data migration from investments to lots.
-- Schema and data change together: no moment exists in which an investment has no lot.
-- Safe to run again: what is there is left alone, and an investment that has lots gets no second one.
-- palindrome: claims idempotent

-- CreateEnum
DO $$
BEGIN
  IF to_regtype('"TaxLotStatus"') IS NULL THEN
    CREATE TYPE "TaxLotStatus" AS ENUM ('OPEN', 'PARTIALLY_CLOSED', 'CLOSED');
  END IF;
END
$$;

-- CreateTable
CREATE TABLE IF NOT EXISTS "TaxLot" (
    "id" TEXT NOT NULL,
    "investmentId" TEXT NOT NULL,
    "purchaseDate" DATE NOT NULL,
    "quantity" DECIMAL(20,8) NOT NULL,
    "costBasisPerUnit" DECIMAL(20,8) NOT NULL,
    "fees" DECIMAL(20,2) NOT NULL DEFAULT 0,
    "remainingQuantity" DECIMAL(20,8) NOT NULL,
    "status" "TaxLotStatus" NOT NULL DEFAULT 'OPEN',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TaxLot_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "TaxLot_investmentId_fkey" FOREIGN KEY ("investmentId") REFERENCES "Investment"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE IF NOT EXISTS "SaleTransaction" (
    "id" TEXT NOT NULL,
    "investmentId" TEXT NOT NULL,
    "saleDate" DATE NOT NULL,
    "quantity" DECIMAL(20,8) NOT NULL,
    "salePricePerUnit" DECIMAL(20,8) NOT NULL,
    "fees" DECIMAL(20,2) NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SaleTransaction_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "SaleTransaction_investmentId_fkey" FOREIGN KEY ("investmentId") REFERENCES "Investment"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE IF NOT EXISTS "TaxLotAllocation" (
    "id" TEXT NOT NULL,
    "saleId" TEXT NOT NULL,
    "taxLotId" TEXT NOT NULL,
    "quantityAllocated" DECIMAL(20,8) NOT NULL,

    CONSTRAINT "TaxLotAllocation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "TaxLotAllocation_saleId_fkey" FOREIGN KEY ("saleId") REFERENCES "SaleTransaction"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "TaxLotAllocation_taxLotId_fkey" FOREIGN KEY ("taxLotId") REFERENCES "TaxLot"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX IF NOT EXISTS "TaxLot_investmentId_status_idx" ON "TaxLot"("investmentId", "status");

-- CreateIndex
CREATE INDEX IF NOT EXISTS "TaxLot_investmentId_purchaseDate_idx" ON "TaxLot"("investmentId", "purchaseDate");

-- CreateIndex
CREATE INDEX IF NOT EXISTS "SaleTransaction_investmentId_saleDate_idx" ON "SaleTransaction"("investmentId", "saleDate");

-- CreateIndex
CREATE UNIQUE INDEX IF NOT EXISTS "TaxLotAllocation_saleId_taxLotId_key" ON "TaxLotAllocation"("saleId", "taxLotId");

-- CreateIndex
CREATE INDEX IF NOT EXISTS "TaxLotAllocation_saleId_idx" ON "TaxLotAllocation"("saleId");

-- CreateIndex
CREATE INDEX IF NOT EXISTS "TaxLotAllocation_taxLotId_idx" ON "TaxLotAllocation"("taxLotId");

-- A sale that is deleted takes its allocations with it, and gives back to lot and holding what they took. Where the lot goes
-- as well, there is nothing to give back to.
CREATE OR REPLACE FUNCTION "give_back_allocation"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "TaxLot" SET
    "remainingQuantity" = "remainingQuantity" + OLD."quantityAllocated",
    "status" = (CASE
      WHEN "remainingQuantity" + OLD."quantityAllocated" = 0 THEN 'CLOSED'
      WHEN "remainingQuantity" + OLD."quantityAllocated" = "quantity" THEN 'OPEN'
      ELSE 'PARTIALLY_CLOSED' END)::"TaxLotStatus"
  WHERE "id" = OLD."taxLotId";
  UPDATE "Investment" i SET "totalQuantity" = i."totalQuantity" + OLD."quantityAllocated"
  FROM "TaxLot" l
  WHERE l."id" = OLD."taxLotId" AND i."id" = l."investmentId";
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER "TaxLotAllocation_give_back" AFTER DELETE ON "TaxLotAllocation"
FOR EACH ROW EXECUTE FUNCTION "give_back_allocation"();

-- Data migration: one lot for each investment, as exact numerics inside the database.
-- Everything comes from the investment: the id is derived, the times are not now(), so that running it again
-- after a rollback gives the same rows. A position that is sold completely gets a closed lot of nothing: its
-- cost basis and date are kept, too.
INSERT INTO "TaxLot" (
    "id", "investmentId", "purchaseDate", "quantity", "costBasisPerUnit",
    "fees", "remainingQuantity", "status", "createdAt", "updatedAt"
)
SELECT
    'lot_' || i."id",
    i."id",
    i."createdAt"::date,
    i."totalQuantity",
    i."averageCostBasis",
    0,
    i."totalQuantity",
    CASE WHEN i."totalQuantity" = 0 THEN 'CLOSED' ELSE 'OPEN' END::"TaxLotStatus",
    i."createdAt",
    i."updatedAt"
FROM "Investment" i
WHERE NOT EXISTS (SELECT FROM "TaxLot" l WHERE l."investmentId" = i."id");

-- Verification: the migration ends here, or not at all. No tolerance.
DO $$
DECLARE
  wrong TEXT;
BEGIN
  SELECT i."id" INTO wrong
  FROM "Investment" i
  LEFT JOIN "TaxLot" l ON l."investmentId" = i."id"
  GROUP BY i."id", i."totalQuantity"
  HAVING SUM(l."remainingQuantity") IS DISTINCT FROM i."totalQuantity"
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the lots of investment % do not sum to its quantity', wrong;
  END IF;
END
$$;
