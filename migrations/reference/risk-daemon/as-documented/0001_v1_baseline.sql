-- The v1 schema: nine tables and their indexes.
BEGIN TRANSACTION;

CREATE TABLE IF NOT EXISTS lockouts (
    account_id INTEGER PRIMARY KEY,
    rule_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    locked_at TEXT NOT NULL,
    locked_until TEXT
);
CREATE INDEX IF NOT EXISTS idx_lockouts_until ON lockouts(locked_until);

CREATE TABLE IF NOT EXISTS daily_pnl (
    account_id INTEGER NOT NULL,
    date TEXT NOT NULL,
    realized_pnl REAL NOT NULL DEFAULT 0.0,
    trade_count INTEGER NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (account_id, date)
);
CREATE INDEX IF NOT EXISTS idx_daily_pnl_date ON daily_pnl(date DESC);

CREATE TABLE IF NOT EXISTS contract_cache (
    contract_id TEXT NOT NULL PRIMARY KEY,
    symbol TEXT NOT NULL,
    name TEXT,
    tick_size REAL NOT NULL,
    tick_value REAL NOT NULL,
    cached_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_contract_cache_symbol ON contract_cache(symbol);

CREATE TABLE IF NOT EXISTS trade_history (
    trade_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    contract_id TEXT NOT NULL,
    side INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    price REAL NOT NULL,
    realized_pnl REAL,
    timestamp TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_trade_history_account_time ON trade_history(account_id, timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_trade_history_timestamp ON trade_history(timestamp DESC);

CREATE TABLE IF NOT EXISTS session_state (
    account_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (account_id, key)
);

CREATE TABLE IF NOT EXISTS positions (
    position_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    contract_id TEXT NOT NULL,
    side INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    average_price REAL NOT NULL,
    opened_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_positions_account ON positions(account_id);
CREATE INDEX IF NOT EXISTS idx_positions_contract ON positions(contract_id);

CREATE TABLE IF NOT EXISTS orders (
    order_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    contract_id TEXT NOT NULL,
    order_type INTEGER NOT NULL,
    side INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    limit_price REAL,
    stop_price REAL,
    state INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS idx_orders_account ON orders(account_id);
CREATE INDEX IF NOT EXISTS idx_orders_contract ON orders(contract_id);
CREATE INDEX IF NOT EXISTS idx_orders_state ON orders(state);

CREATE TABLE IF NOT EXISTS enforcement_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    rule_id TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT,
    success BOOLEAN NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS idx_enforcement_account ON enforcement_log(account_id);
CREATE INDEX IF NOT EXISTS idx_enforcement_rule ON enforcement_log(rule_id);
CREATE INDEX IF NOT EXISTS idx_enforcement_timestamp ON enforcement_log(timestamp DESC);

CREATE TABLE IF NOT EXISTS reset_schedule (
    account_id INTEGER PRIMARY KEY,
    reset_time TEXT NOT NULL,
    timezone TEXT NOT NULL DEFAULT 'America/Chicago',
    last_reset_at TEXT,
    next_reset_at TEXT NOT NULL
);

COMMIT;
