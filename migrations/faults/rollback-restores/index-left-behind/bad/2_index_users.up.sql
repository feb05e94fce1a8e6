CREATE INDEX users_name ON users (name);
CREATE INDEX users_city ON users (city);
