DROP VIEW own_users;
DROP TABLE users;
