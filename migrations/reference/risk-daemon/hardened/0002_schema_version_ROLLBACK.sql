DROP TABLE IF EXISTS schema_version;
