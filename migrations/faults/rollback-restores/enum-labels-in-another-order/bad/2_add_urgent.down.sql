ALTER TYPE priority RENAME TO priority_with_urgent;
CREATE TYPE priority AS ENUM ('high', 'low', 'medium');
ALTER TABLE tickets ALTER COLUMN priority TYPE priority USING priority::text::priority;
DROP TYPE priority_with_urgent;
