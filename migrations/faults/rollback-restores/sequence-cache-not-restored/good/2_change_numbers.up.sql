ALTER SEQUENCE invoice_numbers CACHE 100;
