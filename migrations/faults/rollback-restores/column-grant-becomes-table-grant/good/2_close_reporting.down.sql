GRANT SELECT (name) ON patients TO reporting;
