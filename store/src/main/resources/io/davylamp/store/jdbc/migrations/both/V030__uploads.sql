-- Recordings on their way in, which any server may continue: core's UploadRow.
CREATE TABLE upload (
  assignment_id ${text} PRIMARY KEY,
  blob_key ${text} NOT NULL,
  declared_bytes BIGINT NOT NULL,
  received_bytes BIGINT NOT NULL,
  kept_bytes BIGINT NOT NULL,
  token ${text} NOT NULL,
  hash_state ${text} NOT NULL,
  owner ${text} NOT NULL,
  lease BIGINT NOT NULL
);

CREATE INDEX upload_by_lease ON upload (lease);
