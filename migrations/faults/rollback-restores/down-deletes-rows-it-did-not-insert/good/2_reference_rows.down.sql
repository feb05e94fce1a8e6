DELETE FROM currencies USING seeded_currencies WHERE currencies.code = seeded_currencies.code;
DROP TABLE seeded_currencies;
