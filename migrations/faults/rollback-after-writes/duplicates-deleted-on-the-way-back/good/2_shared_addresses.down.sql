CREATE UNIQUE INDEX contacts_email ON contacts (email);
