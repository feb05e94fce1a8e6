SET statement_timeout = 0;
SET lock_timeout = '2s';

-- A version that integer cannot hold would be lost. Refused before anything has changed.
DO $$
DECLARE
  offender record;
BEGIN
  SELECT * INTO offender FROM (
    SELECT 'forecast_snapshots' AS held_by, id, version FROM forecast_snapshots
    UNION ALL SELECT 'investment_lots', id, version FROM investment_lots
    UNION ALL SELECT 'reserve_allocations', id, version FROM reserve_allocations
  ) AS versions
  WHERE version NOT BETWEEN -2147483648 AND 2147483647
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version % of % % does not fit integer; nothing was changed', offender.version, offender.held_by, offender.id;
  END IF;
END $$;

-- The columns are retyped beside the old ones: changing the type in place would rewrite each table under a lock that stops every reader.
-- Each step looks at what is there, so that a run that was cut short is continued by the next.
CREATE OR REPLACE PROCEDURE pg_temp.retype_version(target regclass, new_type regtype, new_default integer) LANGUAGE plpgsql AS $$
DECLARE
  first_id uuid := '00000000-0000-0000-0000-000000000000';
  last_id uuid;
BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'version' AND atttypid = new_type) THEN
    RETURN;
  END IF;

  -- 1. A second column, which every write from now on fills.
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'version_retyped') THEN
    CREATE OR REPLACE FUNCTION copy_version() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN NEW.version_retyped := NEW.version; RETURN NEW; END';
    EXECUTE format('ALTER TABLE %s ADD COLUMN version_retyped %s', target, new_type);
    EXECUTE format('CREATE TRIGGER copy_version BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION copy_version()', target);
    COMMIT;
  END IF;

  -- 2. The rows that were there before, 5000 at a time: no row stays locked for long.
  LOOP
    EXECUTE format('SELECT id FROM (SELECT id FROM %s WHERE id >= $1 ORDER BY id LIMIT 5000) AS batch ORDER BY id DESC LIMIT 1', target)
      INTO last_id USING first_id;
    EXECUTE format('UPDATE %s SET version_retyped = version WHERE id BETWEEN $1 AND $2 AND version_retyped IS NULL', target)
      USING first_id, last_id;
    COMMIT;
    EXIT WHEN last_id IS NULL OR last_id = first_id;
    first_id := last_id;
  END LOOP;

  -- 3. That no row was missed is proven without stopping anyone, so that NOT NULL needs no look at the rows.
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = target AND conname = 'version_retyped_given') THEN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT version_retyped_given CHECK (version_retyped IS NOT NULL) NOT VALID', target);
    COMMIT;
  END IF;
  EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT version_retyped_given', target);
  COMMIT;

  -- 4. The columns change places, which touches the catalog alone.
  EXECUTE format('DROP TRIGGER copy_version ON %s', target);
  EXECUTE format('ALTER TABLE %s DROP COLUMN version', target);
  EXECUTE format('ALTER TABLE %s RENAME COLUMN version_retyped TO version', target);
  EXECUTE format('ALTER TABLE %s ALTER COLUMN version SET NOT NULL, ALTER COLUMN version SET DEFAULT %s', target, new_default);
  EXECUTE format('ALTER TABLE %s DROP CONSTRAINT version_retyped_given', target);
  COMMIT;
END $$;

CALL pg_temp.retype_version('forecast_snapshots', 'integer', 1);
CALL pg_temp.retype_version('investment_lots', 'integer', 1);
CALL pg_temp.retype_version('reserve_allocations', 'integer', 1);

DROP FUNCTION IF EXISTS copy_version();
DROP PROCEDURE pg_temp.retype_version(regclass, regtype, integer);
