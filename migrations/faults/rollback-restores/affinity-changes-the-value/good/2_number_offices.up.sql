CREATE INDEX offices_code ON offices (code);
