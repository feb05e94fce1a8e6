DROP POLICY notes_seen ON notes;
CREATE POLICY notes_seen ON notes USING (is_public) WITH CHECK (tenant IN ('own', 'shared'));
