DROP INDEX events_at_index;
