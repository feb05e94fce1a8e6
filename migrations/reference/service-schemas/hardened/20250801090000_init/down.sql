-- Refuses while any table holds a row: nothing brings them back. The locks keep rows from coming in between.
LOCK TABLE
  "trading"."orders",
  "trading"."positions",
  "trading"."strategies",
  "tagging"."entity_tags",
  "tagging"."tags",
  "public"."system_settings",
  "public"."auth_sessions",
  "public"."users",
  "financial"."transactions",
  "financial"."invoices",
  "financial"."accounts",
  "financial"."clients"
IN ACCESS EXCLUSIVE MODE;

DO $$
BEGIN
  IF EXISTS (SELECT FROM "trading"."orders")
    OR EXISTS (SELECT FROM "trading"."positions")
    OR EXISTS (SELECT FROM "trading"."strategies")
    OR EXISTS (SELECT FROM "tagging"."entity_tags")
    OR EXISTS (SELECT FROM "tagging"."tags")
    OR EXISTS (SELECT FROM "public"."system_settings")
    OR EXISTS (SELECT FROM "public"."auth_sessions")
    OR EXISTS (SELECT FROM "public"."users")
    OR EXISTS (SELECT FROM "financial"."transactions")
    OR EXISTS (SELECT FROM "financial"."invoices")
    OR EXISTS (SELECT FROM "financial"."accounts")
    OR EXISTS (SELECT FROM "financial"."clients") THEN
    RAISE EXCEPTION 'there are rows in tables that this rollback would drop'
      USING HINT = 'Copy what is needed away and empty the tables before rolling back.';
  END IF;
END
$$;

DROP TABLE "trading"."orders";
DROP TABLE "trading"."positions";
DROP TABLE "trading"."strategies";
DROP TABLE "tagging"."entity_tags";
DROP TABLE "tagging"."tags";
DROP TABLE "public"."system_settings";
DROP TABLE "public"."auth_sessions";
DROP TABLE "public"."users";
DROP TABLE "financial"."transactions";
DROP TABLE "financial"."invoices";
DROP TABLE "financial"."accounts";
DROP TABLE "financial"."clients";
DROP TYPE "trading"."OrderStatus";
DROP TYPE "trading"."OrderSide";
DROP TYPE "financial"."TransactionStatus";
DROP TYPE "financial"."InvoiceStatus";
DROP TYPE "financial"."ClientStatus";
