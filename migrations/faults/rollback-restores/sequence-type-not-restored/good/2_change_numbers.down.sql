ALTER SEQUENCE invoice_numbers AS integer;
