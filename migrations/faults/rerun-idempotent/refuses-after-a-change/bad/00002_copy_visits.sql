-- +goose NO TRANSACTION
-- +goose Up
-- palindrome: rows visit_log because visits are copied to the log
INSERT INTO visit_log SELECT id, page FROM visits;
CREATE INDEX CONCURRENTLY visits_id_page ON visits (id, md5(page));

-- +goose Down
DROP INDEX visits_id_page;
DELETE FROM visit_log USING visits WHERE visits.id = visit_log.visit_id;
