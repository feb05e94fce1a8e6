-- palindrome: dialect postgres
CREATE TABLE trades (id integer PRIMARY KEY, day date, symbol text);
CREATE INDEX trades_day ON trades (day);
ALTER TABLE trades CLUSTER ON trades_day;
