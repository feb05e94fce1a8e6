CREATE INDEX readings_value_idx ON ONLY readings (value);
CREATE INDEX readings_new_value_idx ON readings_new (value);
ALTER INDEX readings_value_idx ATTACH PARTITION readings_new_value_idx;
CREATE INDEX readings_old_value_idx ON readings_old (value);
ALTER INDEX readings_value_idx ATTACH PARTITION readings_old_value_idx;
