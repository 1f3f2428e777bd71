-- The hash of a recording as it came, when its stored bytes are without secrets; empty while they are not.
ALTER TABLE recording ADD COLUMN original_sha256 ${text} NOT NULL DEFAULT '';
