CREATE TABLE messages (id integer PRIMARY KEY, conversation_id integer REFERENCES conversations ON DELETE SET NULL);
