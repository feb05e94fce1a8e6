ALTER TYPE address ADD ATTRIBUTE zip text, ADD ATTRIBUTE country text;
