CREATE TABLE daily_pnl (account_id INTEGER NOT NULL REFERENCES accounts (id), day TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('open', 'closed')), pnl TEXT, PRIMARY KEY (day, account_id));
CREATE INDEX daily_pnl_kind_idx ON daily_pnl (pnl, kind);
