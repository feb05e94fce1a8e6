DROP INDEX holding_symbol_idx;
ALTER TABLE holding DROP quantity;
