DROP TRIGGER users_email_given;
