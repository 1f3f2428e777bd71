-- Times are milliseconds since the epoch, ids are made by us. Meaning of the columns: core's Instance and Assignment.

CREATE TABLE instance (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  properties TEXT NOT NULL,
  unable TEXT NOT NULL,
  life TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  UNIQUE (service, name)
);

CREATE TABLE task (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  duration_seconds BIGINT NOT NULL,
  events TEXT NOT NULL,
  options TEXT NOT NULL,
  instances TEXT NOT NULL,
  created BIGINT NOT NULL
);

CREATE INDEX task_by_service ON task (service, created);
CREATE INDEX task_by_created ON task (created);

CREATE TABLE assignment (
  id TEXT PRIMARY KEY,
  task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  instance_id TEXT NOT NULL REFERENCES instance (id),
  instance_name TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  created BIGINT NOT NULL,
  window_end BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  blocking INTEGER NOT NULL,
  resume_state TEXT,
  life TEXT NOT NULL,
  reason TEXT NOT NULL,
  state_since BIGINT NOT NULL,
  running_since BIGINT NOT NULL,
  declared_bytes BIGINT NOT NULL,
  recording_bytes BIGINT NOT NULL,
  recording_sha256 TEXT NOT NULL,
  profile_bytes BIGINT NOT NULL
);

-- The rule that tasks do not overlap on an instance, held by the database.
CREATE UNIQUE INDEX assignment_holds_instance ON assignment (instance_id) WHERE blocking = 1;
CREATE INDEX assignment_by_task ON assignment (task_id);
CREATE INDEX assignment_by_instance ON assignment (instance_id, created);
CREATE INDEX assignment_by_state ON assignment (state, deadline);

CREATE TABLE history (
  assignment_id TEXT NOT NULL REFERENCES assignment (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (assignment_id, version)
);
