-- Files that people open without a task. Meaning of the columns: core's OpenedFile.
CREATE TABLE opened_file (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  ready INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  opened BIGINT NOT NULL,
  looked_at BIGINT NOT NULL
);
