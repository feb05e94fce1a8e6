DROP VIEW IF EXISTS active_users;
DROP TABLE users;
