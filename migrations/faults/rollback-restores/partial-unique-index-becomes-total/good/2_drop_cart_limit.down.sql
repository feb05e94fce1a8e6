CREATE UNIQUE INDEX carts_one_open ON carts (owner) WHERE is_open;
