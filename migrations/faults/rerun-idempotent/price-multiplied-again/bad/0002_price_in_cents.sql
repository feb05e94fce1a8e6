-- palindrome: map products.price = price * 100 because prices are kept in cents
UPDATE products SET price = price * 100;
