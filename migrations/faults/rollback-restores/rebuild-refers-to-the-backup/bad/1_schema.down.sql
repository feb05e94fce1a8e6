DROP TABLE pets;
DROP TABLE former_owners;
DROP TABLE owners;
