DROP POLICY messages_of_owner ON messages;
ALTER TABLE messages DISABLE ROW LEVEL SECURITY;
