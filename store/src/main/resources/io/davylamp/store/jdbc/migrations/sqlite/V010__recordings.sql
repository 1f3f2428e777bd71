-- A recording is a row of its own: of assignments, and of files that people opened. Meaning of the columns: core's Recording.
CREATE TABLE recording (
  id TEXT PRIMARY KEY,
  origin TEXT NOT NULL,
  task_id TEXT NOT NULL,
  service TEXT NOT NULL,
  instance TEXT NOT NULL,
  labels TEXT NOT NULL,
  from_time BIGINT NOT NULL,
  to_time BIGINT NOT NULL,
  bytes_key TEXT NOT NULL,
  profile_key TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  lease BIGINT NOT NULL,
  reason TEXT NOT NULL,
  state_since BIGINT NOT NULL,
  profile_bytes BIGINT NOT NULL,
  stored BIGINT NOT NULL,
  kept_until BIGINT NOT NULL
);

CREATE INDEX recording_by_task ON recording (task_id);
CREATE INDEX recording_by_state ON recording (state, lease);
CREATE INDEX recording_by_origin ON recording (origin, stored);
CREATE INDEX recording_by_kept ON recording (kept_until);
CREATE UNIQUE INDEX recording_by_profile ON recording (profile_key);

CREATE TABLE recording_history (
  recording_id TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (recording_id, version)
);

-- Keys of blobs that belong to no row, and when they may go: core's LeftoverRows.
CREATE TABLE leftover (
  blob_key TEXT PRIMARY KEY,
  due BIGINT NOT NULL
);

-- What assignments knew of their recordings.
INSERT INTO recording
SELECT a.id, 'ASSIGNMENT', a.task_id, t.service, a.instance_name, '', a.running_since,
  min(a.window_end, coalesce((SELECT min(h.at) FROM history h WHERE h.assignment_id = a.id AND h.state = 'STORED'),
    a.state_since)),
  'recordings/' || a.task_id || '/' || a.id || '.jfr', 'profiles/' || a.task_id || '/' || a.id || '.dlp',
  a.recording_bytes, a.recording_sha256, a.state, a.version, 0, a.reason, a.state_since, a.profile_bytes,
  coalesce((SELECT min(h.at) FROM history h WHERE h.assignment_id = a.id AND h.state = 'STORED'), a.state_since),
  9223372036854775807
FROM assignment a JOIN task t ON t.id = a.task_id
WHERE a.state IN ('STORED', 'READY', 'UNREADABLE');

INSERT INTO recording_history
SELECT h.assignment_id, h.version, h.at, h.state, h.reason FROM history h
WHERE h.state IN ('STORED', 'READY', 'UNREADABLE')
  AND h.version > (SELECT min(f.version) FROM history f WHERE f.assignment_id = h.assignment_id AND f.state = 'STORED');

DELETE FROM history WHERE state IN ('STORED', 'READY', 'UNREADABLE')
  AND version > (SELECT min(f.version) FROM history f WHERE f.assignment_id = history.assignment_id AND f.state = 'STORED');

UPDATE history SET state = 'DELIVERED' WHERE state = 'STORED';

UPDATE assignment SET state = 'DELIVERED', reason = '',
  state_since = (SELECT r.stored FROM recording r WHERE r.id = assignment.id)
WHERE state IN ('STORED', 'READY', 'UNREADABLE');

ALTER TABLE assignment DROP COLUMN recording_bytes;
ALTER TABLE assignment DROP COLUMN recording_sha256;
ALTER TABLE assignment DROP COLUMN profile_bytes;

-- Opened files; one that is not kept goes two hours after it was last looked at, as the setting's default says.
INSERT INTO recording
SELECT id, 'OPENED_FILE', '', '', name, '', 0, 0, 'files/' || id || '/recording', 'files/' || id || '/profile', size_bytes, '',
  'READY', 0, 0, '', opened, 0, opened, CASE kept WHEN 1 THEN 9223372036854775807 ELSE looked_at + 7200000 END
FROM opened_file WHERE ready = 1;

-- Those that were cut while they came.
INSERT INTO leftover SELECT 'files/' || id || '/recording', 0 FROM opened_file WHERE ready = 0;
INSERT INTO leftover SELECT 'files/' || id || '/profile', 0 FROM opened_file WHERE ready = 0;
INSERT INTO leftover SELECT 'files/' || id || '/unpacked', 0 FROM opened_file WHERE ready = 0;

DROP TABLE opened_file;
