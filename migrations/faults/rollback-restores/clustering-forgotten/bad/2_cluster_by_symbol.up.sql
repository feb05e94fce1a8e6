CREATE INDEX trades_symbol ON trades (symbol);
ALTER TABLE trades CLUSTER ON trades_symbol;
