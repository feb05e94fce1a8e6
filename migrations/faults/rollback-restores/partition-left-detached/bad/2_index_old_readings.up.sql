ALTER TABLE readings DETACH PARTITION readings_old;
CREATE INDEX readings_old_id ON readings_old (id);
ALTER TABLE readings ATTACH PARTITION readings_old FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
