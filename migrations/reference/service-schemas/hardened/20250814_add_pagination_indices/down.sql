DROP INDEX "financial"."idx_transactions_status_date";
DROP INDEX "financial"."idx_transactions_account_date";
DROP INDEX "financial"."idx_invoices_status_issue_date";
DROP INDEX "financial"."idx_invoices_issue_date";
DROP INDEX "financial"."idx_accounts_institution_created_at";
DROP INDEX "financial"."idx_accounts_created_at";
DROP INDEX "financial"."idx_clients_status_created_at";
DROP INDEX "financial"."idx_clients_created_at";
