REVOKE SELECT (name) ON patients FROM reporting;
