-- palindrome: dialect postgres
CREATE TABLE patients (id integer PRIMARY KEY, name text, diagnosis text);
GRANT SELECT (name) ON patients TO reporting;
