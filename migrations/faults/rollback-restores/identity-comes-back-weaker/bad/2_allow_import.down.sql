ALTER TABLE invoices DROP COLUMN imported;
