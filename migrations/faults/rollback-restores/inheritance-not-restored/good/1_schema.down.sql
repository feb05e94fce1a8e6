DROP TABLE trucks;
DROP TABLE vehicles;
