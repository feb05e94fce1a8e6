ALTER TABLE counters RESET (fillfactor);
