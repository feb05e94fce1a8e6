ALTER TABLE events ADD account_wide bigint;
UPDATE events SET account_wide = account;
ALTER TABLE events ALTER account_wide SET NOT NULL;
ALTER TABLE events DROP account;
ALTER TABLE events RENAME account_wide TO account;
