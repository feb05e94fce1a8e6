-- Refuses while the table holds a row: jobs that nobody has done yet are not written down anywhere else.
BEGIN;

LOCK TABLE job_outbox IN ACCESS EXCLUSIVE MODE;

DO $$
BEGIN
  IF EXISTS (SELECT FROM job_outbox) THEN
    RAISE EXCEPTION 'there are rows in job_outbox'
      USING HINT = 'Copy them away and empty the table before rolling back.';
  END IF;
END
$$;

DROP TABLE job_outbox;

COMMIT;
