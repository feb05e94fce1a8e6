DROP INDEX trades_symbol;
