-- palindrome: lossy notes.body where is_archived because archived notes keep their title only
UPDATE notes SET body = NULL WHERE is_archived;
ALTER TABLE notes ADD COLUMN title text;
