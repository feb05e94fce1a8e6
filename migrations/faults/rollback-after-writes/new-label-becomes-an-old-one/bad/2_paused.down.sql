CREATE TYPE state_old AS ENUM ('open', 'done');
ALTER TABLE tasks ALTER COLUMN state TYPE state_old USING CASE state::text WHEN 'paused' THEN 'open' ELSE state::text END::state_old;
DROP TYPE state;
ALTER TYPE state_old RENAME TO state;
