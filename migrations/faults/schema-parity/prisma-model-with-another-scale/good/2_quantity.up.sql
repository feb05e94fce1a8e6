ALTER TABLE holding ADD quantity numeric(20, 8) NOT NULL DEFAULT 0;
ALTER TABLE holding ADD CONSTRAINT holding_quantity_check CHECK (quantity >= 0);
CREATE INDEX holding_symbol_idx ON holding (symbol DESC);
