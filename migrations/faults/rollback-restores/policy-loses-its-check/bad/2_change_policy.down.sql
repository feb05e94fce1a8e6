DROP POLICY notes_seen ON notes;
CREATE POLICY notes_seen ON notes USING (is_public);
