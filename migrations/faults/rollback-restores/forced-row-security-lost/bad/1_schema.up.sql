-- palindrome: dialect postgres
CREATE TABLE notes (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_of_tenant ON notes USING (tenant = current_setting('app.tenant', true));
