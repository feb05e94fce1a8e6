DROP INDEX orders_reference;
