-- palindrome: map account.balance = balance + 10 because everybody gets a bonus
UPDATE account SET balance = balance + 10;
