GRANT SELECT ON patients TO reporting;
