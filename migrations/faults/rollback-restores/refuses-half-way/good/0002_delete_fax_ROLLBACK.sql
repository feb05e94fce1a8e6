DO $$ BEGIN
  RAISE EXCEPTION 'fax numbers were deleted for good';
END $$;
DROP INDEX IF EXISTS users_id_name;
