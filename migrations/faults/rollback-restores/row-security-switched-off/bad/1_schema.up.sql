-- palindrome: dialect postgres
CREATE TABLE messages (id integer PRIMARY KEY, owner text NOT NULL);
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
