CREATE INDEX people_names ON people (family_name, given_name);
