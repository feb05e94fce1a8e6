DROP TABLE IF EXISTS daily_unrealized_pnl;
