-- Blobs that `davy copy` brought here and compared with their source, so that it need not read them again.
CREATE TABLE copied_blob (
  blob_key ${text} PRIMARY KEY,
  version INTEGER NOT NULL,
  bytes BIGINT NOT NULL
);
