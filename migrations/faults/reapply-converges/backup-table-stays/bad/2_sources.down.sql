ALTER TABLE sources RENAME TO sources_before_rollback;
ALTER INDEX sources_pkey RENAME TO sources_before_rollback_pkey;
