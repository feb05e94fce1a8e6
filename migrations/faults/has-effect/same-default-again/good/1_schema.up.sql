-- palindrome: dialect postgres
CREATE TABLE articles (id integer PRIMARY KEY, status text DEFAULT 'draft');
