-- Refuses while the table holds a row: a matrix takes minutes to compute again.
BEGIN;

LOCK TABLE scenario_matrices IN ACCESS EXCLUSIVE MODE;

DO $$
BEGIN
  IF EXISTS (SELECT FROM scenario_matrices) THEN
    RAISE EXCEPTION 'there are rows in scenario_matrices'
      USING HINT = 'Copy them away and empty the table before rolling back.';
  END IF;
END
$$;

DROP TABLE scenario_matrices;

COMMIT;
