-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY visits_id_page ON visits (id, md5(page));

-- +goose Down
DROP INDEX visits_id_page;
