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

-- When each recording came, and as which step: one pass, so that nothing below looks for it row by row.
CREATE TEMP TABLE arrived (
  assignment_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO arrived
SELECT assignment_id, min(version), min(at) FROM history WHERE state = 'STORED' GROUP BY assignment_id;

-- What assignments knew of their recordings.
INSERT INTO recording
SELECT a.id, 'ASSIGNMENT', a.task_id, t.service, a.instance_name, '', a.running_since,
  min(a.window_end, coalesce(s.at, a.state_since)),
  'recordings/' || a.task_id || '/' || a.id || '.jfr', 'profiles/' || a.task_id || '/' || a.id || '.dlp',
  a.recording_bytes, a.recording_sha256, a.state, a.version, 0, a.reason, a.state_since, a.profile_bytes,
  coalesce(s.at, a.state_since),
  9223372036854775807
FROM assignment a JOIN task t ON t.id = a.task_id LEFT JOIN arrived s ON s.assignment_id = a.id
WHERE a.state IN ('STORED', 'READY', 'UNREADABLE');

INSERT INTO recording_history
SELECT h.assignment_id, h.version, h.at, h.state, h.reason
FROM arrived s JOIN history h ON h.assignment_id = s.assignment_id AND h.version > s.version
WHERE h.state IN ('STORED', 'READY', 'UNREADABLE');

DELETE FROM history WHERE (assignment_id, version) IN (SELECT recording_id, version FROM recording_history);

UPDATE history SET state = 'DELIVERED' WHERE state = 'STORED';

UPDATE assignment SET state = 'DELIVERED', reason = '', state_since = r.stored
FROM recording r
WHERE r.id = assignment.id AND assignment.state IN ('STORED', 'READY', 'UNREADABLE');

DROP TABLE arrived;

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

-- Indexes come when the rows are there: filling them row by row takes twice as long.
CREATE INDEX recording_by_task ON recording (task_id);
CREATE INDEX recording_by_state ON recording (state, lease);
CREATE INDEX recording_by_origin ON recording (origin, stored);
CREATE INDEX recording_by_kept ON recording (kept_until);
CREATE UNIQUE INDEX recording_by_profile ON recording (profile_key);
