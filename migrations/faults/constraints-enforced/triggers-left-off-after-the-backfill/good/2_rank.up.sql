ALTER TABLE children DISABLE TRIGGER ALL;
ALTER TABLE children ADD COLUMN double_rank bigint;
UPDATE children SET double_rank = 2 * rank::bigint;
ALTER TABLE children ENABLE TRIGGER ALL;
