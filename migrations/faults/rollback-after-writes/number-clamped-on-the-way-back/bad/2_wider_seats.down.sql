ALTER TABLE plans ALTER COLUMN seats TYPE integer USING greatest(least(seats, 2147483647), -2147483648)::integer;
