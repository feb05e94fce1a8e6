DROP TABLE IF EXISTS reserve_allocations;
DROP TABLE IF EXISTS forecast_snapshots;
DROP TABLE IF EXISTS investment_lots;
DROP TABLE IF EXISTS investments;
DROP TABLE IF EXISTS funds;
