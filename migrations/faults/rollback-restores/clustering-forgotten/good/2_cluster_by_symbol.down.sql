DROP INDEX trades_symbol;
ALTER TABLE trades CLUSTER ON trades_day;
