UPDATE pg_index SET indisready = false WHERE indexrelid = 'posts_title'::regclass;
ALTER TABLE posts ADD COLUMN language text;
REINDEX INDEX posts_title;
