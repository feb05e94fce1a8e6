DROP TABLE daily_lots;
