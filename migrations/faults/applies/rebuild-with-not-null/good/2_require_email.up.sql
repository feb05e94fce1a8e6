CREATE TRIGGER users_email_given BEFORE INSERT ON users WHEN NEW.email IS NULL BEGIN
  SELECT RAISE(ABORT, 'an address is needed');
END;
