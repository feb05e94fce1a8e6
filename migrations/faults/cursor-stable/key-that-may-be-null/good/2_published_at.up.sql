ALTER TABLE posts ADD COLUMN published_at timestamptz NOT NULL DEFAULT now();
