CREATE TABLE lots (holding_id integer NOT NULL REFERENCES holdings (id), part integer NOT NULL,
  quantity numeric(20, 8) NOT NULL, PRIMARY KEY (holding_id, part));
INSERT INTO lots SELECT id, 1, round(quantity / 2, 8) FROM holdings;
INSERT INTO lots SELECT id, 2, quantity - round(quantity / 2, 8) FROM holdings;
