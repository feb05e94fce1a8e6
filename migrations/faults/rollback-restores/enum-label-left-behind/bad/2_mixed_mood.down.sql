DROP TABLE weeks;
