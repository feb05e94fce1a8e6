-- +goose Up
-- palindrome: dialect postgres
CREATE TABLE visits (id integer PRIMARY KEY, page text);
CREATE TABLE visit_log (visit_id integer, page text);

-- +goose Down
DROP TABLE visit_log;
DROP TABLE visits;
