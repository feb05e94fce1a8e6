UPDATE pg_index SET indisready = false WHERE indexrelid = 'posts_title'::regclass;
ALTER TABLE posts ADD COLUMN language text;
