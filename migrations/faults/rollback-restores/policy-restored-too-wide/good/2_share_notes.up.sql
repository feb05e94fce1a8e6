DROP POLICY notes_of_tenant ON notes;
CREATE POLICY notes_of_tenant ON notes USING (tenant = current_setting('app.tenant', true) OR tenant = 'shared');
