ALTER TABLE counters SET (fillfactor = 50);
