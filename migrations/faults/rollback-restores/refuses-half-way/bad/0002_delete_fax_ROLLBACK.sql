DROP INDEX IF EXISTS users_id_name;
DO $$ BEGIN
  RAISE EXCEPTION 'fax numbers were deleted for good';
END $$;
