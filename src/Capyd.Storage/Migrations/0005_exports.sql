-- Dumps for use elsewhere. The file goes when expires_at has come; the row stays.

CREATE TABLE exports (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'exp_????????????????????'),
  project_id      TEXT NOT NULL REFERENCES projects (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  database_name   TEXT NOT NULL CHECK (database_name <> ''),
  object_key      TEXT NOT NULL UNIQUE CHECK (object_key <> ''),
  state           TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'deleting', 'expired')),
  size_bytes      INTEGER NOT NULL CHECK (size_bytes >= 0),
  error           TEXT,
  job_id          TEXT NOT NULL REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  expires_at      INTEGER NOT NULL,
  completed_at    INTEGER,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CHECK (state <> 'completed' OR completed_at IS NOT NULL),
  CHECK (state <> 'failed' OR error IS NOT NULL)
) STRICT;
CREATE INDEX exports_by_project ON exports (project_id, created_at DESC);
CREATE INDEX exports_by_expiry ON exports (expires_at) WHERE state NOT IN ('running', 'expired');
