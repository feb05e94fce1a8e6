CREATE POLICY messages_of_owner ON messages USING (owner = current_user);
