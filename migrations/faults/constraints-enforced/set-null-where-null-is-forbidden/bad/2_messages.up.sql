CREATE TABLE messages (id integer PRIMARY KEY, conversation_id integer NOT NULL REFERENCES conversations ON DELETE SET NULL);
