CREATE INDEX accounts_email ON accounts (id, md5(lower(email)));
