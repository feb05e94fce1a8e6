-- Children before parents, so that nothing is dropped by CASCADE.
DROP TABLE "Investment";
DROP TABLE "Portfolio";
DROP TABLE "Session";
DROP TABLE "Account";
DROP TABLE "User";
DROP TYPE "AssetType";
