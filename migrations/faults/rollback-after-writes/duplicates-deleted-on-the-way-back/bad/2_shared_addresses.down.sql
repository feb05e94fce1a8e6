DELETE FROM contacts older USING contacts newer WHERE older.email = newer.email AND older.id < newer.id;
CREATE UNIQUE INDEX contacts_email ON contacts (email);
