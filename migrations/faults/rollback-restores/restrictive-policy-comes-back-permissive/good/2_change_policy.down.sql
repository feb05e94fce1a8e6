DROP POLICY notes_seen ON notes;
CREATE POLICY notes_seen ON notes AS RESTRICTIVE USING (is_public);
