DROP INDEX readings_value_idx;
