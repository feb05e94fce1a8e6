DROP INDEX posts_for_people;
