ALTER TABLE events ADD version integer NOT NULL DEFAULT 0;
