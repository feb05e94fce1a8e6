DROP POLICY notes_seen ON notes;
CREATE POLICY notes_seen ON notes FOR SELECT USING (is_public OR tenant = 'own');
