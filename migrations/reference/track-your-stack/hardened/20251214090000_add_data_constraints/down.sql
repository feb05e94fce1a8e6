ALTER TABLE "TaxLot" DROP CONSTRAINT "TaxLot_remainingQuantity_valid";
ALTER TABLE "TaxLot" DROP CONSTRAINT "TaxLot_quantity_not_negative";
ALTER TABLE "Investment" DROP CONSTRAINT "Investment_currentPrice_not_negative";
ALTER TABLE "Investment" DROP CONSTRAINT "Investment_averageCostBasis_not_negative";
ALTER TABLE "Investment" DROP CONSTRAINT "Investment_totalQuantity_not_negative";
