DROP INDEX offices_code;
