DROP INDEX users_name;
DROP INDEX users_city;
