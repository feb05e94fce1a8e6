DO $$ BEGIN RAISE EXCEPTION 'the rollback of 0002 is not written yet'; END $$;
