DROP TRIGGER people_audit;
DROP TABLE audit;
