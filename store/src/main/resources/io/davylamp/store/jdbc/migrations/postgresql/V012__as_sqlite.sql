-- What SQLite's migrations up to 12 lead to. Times are milliseconds since the epoch, ids are made by us. Meaning of the columns:
-- core's Instance, Assignment, Recording. Texts are compared by their bytes, so that no library of the system's languages decides
-- their order or ruins an index when it is updated.

CREATE TABLE instance (
  id ${text} PRIMARY KEY,
  service ${text} NOT NULL,
  name ${text} NOT NULL,
  properties ${text} NOT NULL,
  labels ${text} NOT NULL,
  unable ${text} NOT NULL,
  unable_code ${text} NOT NULL,
  life ${text} NOT NULL,
  reports INTEGER NOT NULL,
  lacks ${text} NOT NULL,
  unsure ${text} NOT NULL,
  max_seconds INTEGER NOT NULL,
  trust_wanted BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  UNIQUE (service, name)
);

CREATE TABLE task (
  id ${text} PRIMARY KEY,
  service ${text} NOT NULL,
  duration_seconds BIGINT NOT NULL,
  events ${text} NOT NULL,
  options ${text} NOT NULL,
  options_text ${text},
  instances ${text} NOT NULL,
  created BIGINT NOT NULL
);

CREATE INDEX task_by_service ON task (service, created);
CREATE INDEX task_by_created ON task (created);

CREATE TABLE assignment (
  id ${text} PRIMARY KEY,
  task_id ${text} NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  instance_id ${text} NOT NULL REFERENCES instance (id),
  instance_name ${text} NOT NULL,
  state ${text} NOT NULL,
  version INTEGER NOT NULL,
  created BIGINT NOT NULL,
  window_end BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  blocking INTEGER NOT NULL,
  resume_state ${text},
  life ${text} NOT NULL,
  reason ${text} NOT NULL,
  state_since BIGINT NOT NULL,
  running_since BIGINT NOT NULL,
  declared_bytes BIGINT NOT NULL,
  engine ${text} NOT NULL,
  note ${text} NOT NULL,
  stop_wanted BIGINT NOT NULL
);

-- The rule that tasks do not overlap on an instance, held by the database.
CREATE UNIQUE INDEX assignment_holds_instance ON assignment (instance_id) WHERE blocking = 1;
CREATE INDEX assignment_by_task ON assignment (task_id);
CREATE INDEX assignment_by_instance ON assignment (instance_id, created);
CREATE INDEX assignment_by_state ON assignment (state, deadline);

CREATE TABLE history (
  assignment_id ${text} NOT NULL REFERENCES assignment (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state ${text} NOT NULL,
  reason ${text} NOT NULL,
  PRIMARY KEY (assignment_id, version)
);

CREATE TABLE recording (
  id ${text} PRIMARY KEY,
  origin ${text} NOT NULL,
  task_id ${text} NOT NULL,
  service ${text} NOT NULL,
  instance ${text} NOT NULL,
  labels ${text} NOT NULL,
  from_time BIGINT NOT NULL,
  to_time BIGINT NOT NULL,
  bytes_key ${text} NOT NULL,
  profile_key ${text} NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 ${text} NOT NULL,
  state ${text} NOT NULL,
  version INTEGER NOT NULL,
  lease BIGINT NOT NULL,
  reason ${text} NOT NULL,
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
  recording_id ${text} NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state ${text} NOT NULL,
  reason ${text} NOT NULL,
  PRIMARY KEY (recording_id, version)
);

-- Keys of blobs that belong to no row, and when they may go: core's LeftoverRows.
CREATE TABLE leftover (
  blob_key ${text} PRIMARY KEY,
  due BIGINT NOT NULL
);
