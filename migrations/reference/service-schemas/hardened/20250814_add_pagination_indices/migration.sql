-- Indices for pagination: the order of each list, and its usual filter, with the primary key as the last word, so that pages by
-- (position, id) are read from the index alone.
-- An index that has such a name already may be another one: with other columns, made by hand, or left invalid by an interrupted build. IF NOT
-- EXISTS would keep it. All eight are made anew, in the one transaction in which Prisma runs this.

DROP INDEX IF EXISTS "financial"."idx_clients_created_at";
CREATE INDEX "idx_clients_created_at" ON "financial"."clients" ("created_at" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_clients_status_created_at";
CREATE INDEX "idx_clients_status_created_at" ON "financial"."clients" ("status", "created_at" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_accounts_created_at";
CREATE INDEX "idx_accounts_created_at" ON "financial"."accounts" ("created_at" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_accounts_institution_created_at";
CREATE INDEX "idx_accounts_institution_created_at" ON "financial"."accounts" ("institution", "created_at" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_invoices_issue_date";
CREATE INDEX "idx_invoices_issue_date" ON "financial"."invoices" ("issue_date" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_invoices_status_issue_date";
CREATE INDEX "idx_invoices_status_issue_date" ON "financial"."invoices" ("status", "issue_date" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_transactions_account_date";
CREATE INDEX "idx_transactions_account_date" ON "financial"."transactions" ("account_id", "date" DESC, "id" DESC);

DROP INDEX IF EXISTS "financial"."idx_transactions_status_date";
CREATE INDEX "idx_transactions_status_date" ON "financial"."transactions" ("status", "date" DESC, "id" DESC);
