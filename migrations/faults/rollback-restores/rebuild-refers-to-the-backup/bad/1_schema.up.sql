-- palindrome: dialect sqlite
CREATE TABLE owners (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
CREATE TABLE former_owners (id INTEGER PRIMARY KEY);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES owners (id));
