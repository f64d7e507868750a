-- Recoveries that are made only to see that they work. A row begins with its job and keeps what was tried and how long it took.

CREATE TABLE drills (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'drl_????????????????????'),
  project_id      TEXT NOT NULL REFERENCES projects (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  trigger         TEXT NOT NULL CHECK (trigger IN ('manual', 'schedule')),
  state           TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed')),
  seed            INTEGER NOT NULL,
  requested_time  INTEGER,
  restore_time    INTEGER,
  target_lsn      TEXT,
  base_backup_id  TEXT REFERENCES base_backups (id),
  recovery_ms     INTEGER CHECK (recovery_ms >= 0),
  rto_ms          INTEGER CHECK (rto_ms >= 0),
  tables          INTEGER CHECK (tables >= 0),
  rows            INTEGER CHECK (rows >= 0),
  proof_backup_id TEXT REFERENCES backups (id),
  error           TEXT,
  job_id          TEXT NOT NULL REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  created_at      INTEGER NOT NULL,
  completed_at    INTEGER,
  updated_at      INTEGER NOT NULL,
  CHECK ((state = 'running') = (completed_at IS NULL)),
  CHECK (state <> 'succeeded' OR (restore_time IS NOT NULL AND target_lsn IS NOT NULL AND rto_ms IS NOT NULL)),
  CHECK ((state = 'failed') = (error IS NOT NULL))
) STRICT;
CREATE INDEX drills_by_age ON drills (created_at DESC);
CREATE INDEX drills_by_project ON drills (project_id, created_at DESC);
