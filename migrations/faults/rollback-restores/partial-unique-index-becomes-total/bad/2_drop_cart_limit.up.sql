DROP INDEX carts_one_open;
