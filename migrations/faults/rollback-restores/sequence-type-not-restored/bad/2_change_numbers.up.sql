ALTER SEQUENCE invoice_numbers AS bigint;
