DROP POLICY notes_seen ON notes;
CREATE POLICY notes_seen ON notes TO reporting USING (is_public OR tenant = 'own');
