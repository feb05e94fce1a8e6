CREATE INDEX posts_for_people ON posts (title COLLATE "und-x-icu", id);
