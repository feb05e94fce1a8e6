UPDATE accounts SET email = lower(email);
CREATE INDEX accounts_email ON accounts (id, md5(email));
