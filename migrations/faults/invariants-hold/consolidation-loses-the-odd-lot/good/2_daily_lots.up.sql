-- palindrome: lossy daily_lots.* because a day repeats what its lots say, and only this migration writes it
CREATE TABLE daily_lots (bought_on date PRIMARY KEY, bought bigint NOT NULL, remaining bigint NOT NULL);
INSERT INTO daily_lots SELECT bought_on, sum(bought), sum(remaining) FROM lots GROUP BY bought_on;
