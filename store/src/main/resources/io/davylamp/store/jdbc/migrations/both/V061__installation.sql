-- Which installation this database is: core's InstallationRow. One row, which the first server inserts.
CREATE TABLE installation (
  one INTEGER PRIMARY KEY,
  id ${text} NOT NULL,
  secret ${text} NOT NULL,
  marked INTEGER NOT NULL,
  claimed BIGINT NOT NULL
);
