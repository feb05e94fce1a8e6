-- Refuses while the table holds a row: a session is the only record of its result.
BEGIN;

LOCK TABLE optimization_sessions IN ACCESS EXCLUSIVE MODE;

DO $$
BEGIN
  IF EXISTS (SELECT FROM optimization_sessions) THEN
    RAISE EXCEPTION 'there are rows in optimization_sessions'
      USING HINT = 'Copy them away and empty the table before rolling back.';
  END IF;
END
$$;

DROP TABLE optimization_sessions;

COMMIT;
