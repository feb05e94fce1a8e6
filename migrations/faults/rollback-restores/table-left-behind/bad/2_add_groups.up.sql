CREATE TABLE groups (id integer PRIMARY KEY);
CREATE TABLE memberships (user_id integer NOT NULL REFERENCES users, group_id integer NOT NULL REFERENCES groups);
