DROP SEQUENCE invoice_numbers;
DROP TABLE invoices;
