-- palindrome: dialect postgres
CREATE TABLE notes (id integer PRIMARY KEY, tenant text NOT NULL, is_public boolean NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY notes_seen ON notes USING (is_public) WITH CHECK (tenant = 'own');
