CREATE TABLE offices_old (id INTEGER PRIMARY KEY, code TEXT NOT NULL CHECK (code IN ('007', '7', 'HQ')));
INSERT INTO offices_old SELECT id, code FROM offices;
DROP TABLE offices;
ALTER TABLE offices_old RENAME TO offices;
