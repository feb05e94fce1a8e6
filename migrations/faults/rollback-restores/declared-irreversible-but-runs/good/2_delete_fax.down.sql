DO $$ BEGIN
  RAISE EXCEPTION 'fax numbers were deleted for good';
END $$;
