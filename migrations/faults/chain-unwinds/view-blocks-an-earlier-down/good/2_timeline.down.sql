DROP VIEW timeline;
