DROP TABLE holding;
