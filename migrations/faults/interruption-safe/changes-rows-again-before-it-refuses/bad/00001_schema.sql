-- palindrome: dialect postgres
-- +goose Up
CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
-- +goose Down
DROP TABLE notes;
