-- palindrome: dialect postgres
-- palindrome: map notes.title = '#' || title because every title gets a mark
-- +goose Up
ALTER TABLE notes ADD COLUMN tag text;
ALTER TABLE notes ADD COLUMN mood text;
UPDATE notes SET title = '#' || title;
-- +goose Down
UPDATE notes SET title = substr(title, 2) WHERE title LIKE '#%';
ALTER TABLE notes DROP COLUMN mood;
ALTER TABLE notes DROP COLUMN tag;
