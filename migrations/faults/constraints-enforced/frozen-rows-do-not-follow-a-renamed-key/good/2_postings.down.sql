DROP TABLE postings;
DROP FUNCTION keep_as_posted();
