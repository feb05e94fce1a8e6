-- Phase 4: constraints, in the order in which they can be had without a long lock: NOT VALID first, then VALIDATE.
-- A quantity of 0 is legal: a position that has been sold completely stays, with its history.
-- NaN is greater than every number to PostgreSQL, so it is ruled out by name.
--
-- Nothing is fixed up. What a negative holding ought to be, no script can know; replacing it by 0.00000001, as the document does, makes
-- holdings and lots disagree. Where the audit finds anything, the migration stops and leaves everything as it is.
-- palindrome: precondition SELECT "id" FROM "Investment" WHERE "totalQuantity" < 0 OR "averageCostBasis" < 0 OR "currentPrice" < 0
--   OR 'NaN' IN ("totalQuantity", "averageCostBasis", "currentPrice") because people fix what the audit finds before the constraints come
-- palindrome: precondition SELECT "id" FROM "TaxLot" WHERE "quantity" < 0 OR "remainingQuantity" < 0 OR "remainingQuantity" > "quantity"
--   OR 'NaN' IN ("quantity", "remainingQuantity") because people fix what the audit finds before the constraints come

ALTER TABLE "Investment"
  ADD CONSTRAINT "Investment_totalQuantity_not_negative"
  CHECK ("totalQuantity" >= 0 AND "totalQuantity" <> 'NaN') NOT VALID;

ALTER TABLE "Investment"
  ADD CONSTRAINT "Investment_averageCostBasis_not_negative"
  CHECK ("averageCostBasis" >= 0 AND "averageCostBasis" <> 'NaN') NOT VALID;

ALTER TABLE "Investment"
  ADD CONSTRAINT "Investment_currentPrice_not_negative"
  CHECK ("currentPrice" IS NULL OR ("currentPrice" >= 0 AND "currentPrice" <> 'NaN')) NOT VALID;

ALTER TABLE "TaxLot"
  ADD CONSTRAINT "TaxLot_quantity_not_negative"
  CHECK ("quantity" >= 0 AND "quantity" <> 'NaN') NOT VALID;

ALTER TABLE "TaxLot"
  ADD CONSTRAINT "TaxLot_remainingQuantity_valid"
  CHECK ("remainingQuantity" >= 0 AND "remainingQuantity" <= "quantity") NOT VALID;

ALTER TABLE "Investment" VALIDATE CONSTRAINT "Investment_totalQuantity_not_negative";
ALTER TABLE "Investment" VALIDATE CONSTRAINT "Investment_averageCostBasis_not_negative";
ALTER TABLE "Investment" VALIDATE CONSTRAINT "Investment_currentPrice_not_negative";
ALTER TABLE "TaxLot" VALIDATE CONSTRAINT "TaxLot_quantity_not_negative";
ALTER TABLE "TaxLot" VALIDATE CONSTRAINT "TaxLot_remainingQuantity_valid";
