REVOKE INSERT ON facts FROM reporting;
