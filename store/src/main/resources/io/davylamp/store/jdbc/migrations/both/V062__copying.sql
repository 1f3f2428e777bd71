-- A row while `davy copy` writes into this database: until it ends, the rows here are of no use to a server.
CREATE TABLE copying (
  begun BIGINT NOT NULL
);
