-- Recordings on their way in, which any server may continue: core's UploadRow.
CREATE TABLE upload (
  assignment_id TEXT PRIMARY KEY,
  blob_key TEXT NOT NULL,
  declared_bytes BIGINT NOT NULL,
  received_bytes BIGINT NOT NULL,
  kept_bytes BIGINT NOT NULL,
  token TEXT NOT NULL,
  hash_state TEXT NOT NULL,
  owner TEXT NOT NULL,
  lease BIGINT NOT NULL
);

CREATE INDEX upload_by_lease ON upload (lease);
