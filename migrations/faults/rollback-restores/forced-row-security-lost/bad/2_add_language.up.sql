ALTER TABLE notes NO FORCE ROW LEVEL SECURITY;
ALTER TABLE notes ADD COLUMN language text;
UPDATE notes SET language = 'en';
