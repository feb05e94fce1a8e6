UPDATE themes SET colour = 'blue';
ALTER TABLE themes ALTER COLUMN colour SET DEFAULT 'blue';
