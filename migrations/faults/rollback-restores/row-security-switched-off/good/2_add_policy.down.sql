DROP POLICY messages_of_owner ON messages;
