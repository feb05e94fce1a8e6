-- palindrome: dialect sqlite
-- +goose Up
CREATE TABLE entries (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents BETWEEN -1000 AND -1 OR cents BETWEEN 1 AND 1000));
-- +goose Down
DROP TABLE entries;
