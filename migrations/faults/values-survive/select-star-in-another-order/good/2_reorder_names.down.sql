DROP INDEX people_names;
