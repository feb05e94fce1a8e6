DROP TABLE daily_pnl;
