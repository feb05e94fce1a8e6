ALTER TABLE children DROP COLUMN double_rank;
