ALTER TABLE events ADD version bigint NOT NULL DEFAULT 0;
