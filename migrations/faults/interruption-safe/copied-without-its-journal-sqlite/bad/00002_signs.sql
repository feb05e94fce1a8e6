-- palindrome: dialect sqlite
-- palindrome: map entries.cents = -cents because expenses are counted as negative from now on
-- +goose NO TRANSACTION
-- +goose Up
PRAGMA journal_mode = DELETE;
BEGIN;
UPDATE entries SET cents = -cents;
CREATE TABLE budgets (id INTEGER PRIMARY KEY, cents INTEGER);
CREATE TABLE payees (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE rules (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
COMMIT;
-- +goose Down
BEGIN;
DROP TABLE accounts;
DROP TABLE rules;
DROP TABLE tags;
DROP TABLE payees;
DROP TABLE budgets;
UPDATE entries SET cents = -cents;
COMMIT;
