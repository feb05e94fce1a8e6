DROP INDEX accounts_both;
