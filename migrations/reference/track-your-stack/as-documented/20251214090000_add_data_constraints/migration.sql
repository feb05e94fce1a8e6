-- Step 1: Add constraints as NOT VALID (doesn't check existing data)
ALTER TABLE "Investment"
  ADD CONSTRAINT "Investment_totalQuantity_positive"
  CHECK ("totalQuantity" > 0) NOT VALID;

ALTER TABLE "Investment"
  ADD CONSTRAINT "Investment_averageCostBasis_positive"
  CHECK ("averageCostBasis" >= 0) NOT VALID;

ALTER TABLE "Investment"
  ADD CONSTRAINT "Investment_currentPrice_positive"
  CHECK ("currentPrice" IS NULL OR "currentPrice" >= 0) NOT VALID;

ALTER TABLE "TaxLot"
  ADD CONSTRAINT "TaxLot_quantity_positive"
  CHECK ("quantity" > 0) NOT VALID;

ALTER TABLE "TaxLot"
  ADD CONSTRAINT "TaxLot_remainingQuantity_valid"
  CHECK ("remainingQuantity" >= 0 AND "remainingQuantity" <= "quantity") NOT VALID;

-- Step 2: Fix existing data violations (run before validating)
UPDATE "Investment" SET "totalQuantity" = 0.00000001 WHERE "totalQuantity" <= 0;
UPDATE "Investment" SET "averageCostBasis" = 0 WHERE "averageCostBasis" < 0;
UPDATE "Investment" SET "currentPrice" = NULL WHERE "currentPrice" < 0;

-- Step 3: Validate constraints (checks all existing data)
ALTER TABLE "Investment" VALIDATE CONSTRAINT "Investment_totalQuantity_positive";
ALTER TABLE "Investment" VALIDATE CONSTRAINT "Investment_averageCostBasis_positive";
ALTER TABLE "Investment" VALIDATE CONSTRAINT "Investment_currentPrice_positive";
ALTER TABLE "TaxLot" VALIDATE CONSTRAINT "TaxLot_quantity_positive";
ALTER TABLE "TaxLot" VALIDATE CONSTRAINT "TaxLot_remainingQuantity_valid";
