CREATE TABLE words_new (word TEXT PRIMARY KEY NOT NULL, count INTEGER);
INSERT INTO words_new SELECT word, count FROM words;
DROP TABLE words;
ALTER TABLE words_new RENAME TO words;
