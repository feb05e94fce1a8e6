ALTER TABLE holding ADD quantity numeric(20, 6) NOT NULL DEFAULT 0;
CREATE INDEX holding_symbol_idx ON holding (symbol DESC);
