ALTER TABLE reports OWNER TO reporting;
ALTER TABLE reports ADD COLUMN body text;
