ALTER TABLE events DROP version;
