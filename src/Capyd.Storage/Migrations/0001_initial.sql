-- The first schema. Times are unix milliseconds UTC, flags are 0 or 1, JSON is text.
-- References between a resource and its job are checked at commit, so that both can be
-- inserted in either order in one transaction.

CREATE TABLE settings (
  key   TEXT PRIMARY KEY CHECK (key <> ''),
  value TEXT NOT NULL
) STRICT;

CREATE TABLE organizations (
  id         TEXT PRIMARY KEY CHECK (id GLOB 'org_????????????????????'),
  name       TEXT NOT NULL CHECK (name <> ''),
  slug       TEXT NOT NULL UNIQUE CHECK (slug <> ''),
  plan       TEXT NOT NULL CHECK (plan <> ''),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE projects (
  id                       TEXT PRIMARY KEY CHECK (id GLOB 'prj_????????????????????'),
  organization_id          TEXT NOT NULL REFERENCES organizations (id),
  name                     TEXT NOT NULL CHECK (name <> ''),
  slug                     TEXT NOT NULL CHECK (slug <> ''),
  environment              TEXT NOT NULL CHECK (environment IN ('production', 'non_production')),
  region                   TEXT NOT NULL,
  plan                     TEXT NOT NULL CHECK (plan <> ''),
  state                    TEXT NOT NULL CHECK (state IN ('provisioning', 'ready', 'failed',
                             'rotating_credentials', 'restoring', 'importing', 'deleting', 'deleted')),
  database_name            TEXT NOT NULL CHECK (length(database_name) BETWEEN 1 AND 63),
  role_name                TEXT NOT NULL CHECK (length(role_name) BETWEEN 1 AND 63),
  password_sealed          BLOB NOT NULL,
  pending_password_sealed  BLOB,
  max_connections          INTEGER NOT NULL CHECK (max_connections > 0),
  storage_limit_bytes      INTEGER NOT NULL CHECK (storage_limit_bytes > 0),
  statement_timeout        TEXT NOT NULL,
  idle_transaction_timeout TEXT NOT NULL,
  always_on                INTEGER NOT NULL CHECK (always_on IN (0, 1)),
  always_on_explicit       INTEGER NOT NULL CHECK (always_on_explicit IN (0, 1)),
  postgres_version         TEXT,
  latest_job_id            TEXT REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  last_error               TEXT,
  created_at               INTEGER NOT NULL,
  updated_at               INTEGER NOT NULL,
  deleted_at               INTEGER,
  CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
  CHECK (state <> 'deleted' OR length(password_sealed) = 0),
  CHECK (state <> 'deleted' OR pending_password_sealed IS NULL)
) STRICT;
CREATE UNIQUE INDEX projects_live_slug ON projects (organization_id, slug) WHERE state <> 'deleted';
CREATE UNIQUE INDEX projects_live_database ON projects (database_name) WHERE state <> 'deleted';
CREATE UNIQUE INDEX projects_live_role ON projects (role_name) WHERE state <> 'deleted';
CREATE INDEX projects_by_age ON projects (organization_id, created_at DESC);

CREATE TABLE previews (
  id                  TEXT PRIMARY KEY CHECK (id GLOB 'pvw_????????????????????'),
  project_id          TEXT NOT NULL REFERENCES projects (id),
  organization_id     TEXT NOT NULL REFERENCES organizations (id),
  name                TEXT NOT NULL CHECK (name <> ''),
  mode                TEXT NOT NULL CHECK (mode IN ('clone', 'empty')),
  state               TEXT NOT NULL CHECK (state IN ('provisioning', 'ready', 'failed', 'restoring',
                        'deleting', 'deleted')),
  database_name       TEXT NOT NULL CHECK (length(database_name) BETWEEN 1 AND 63),
  role_name           TEXT NOT NULL CHECK (length(role_name) BETWEEN 1 AND 63),
  password_sealed     BLOB NOT NULL,
  ttl_hours           INTEGER NOT NULL CHECK (ttl_hours > 0),
  ttl_expires_at      INTEGER NOT NULL,
  source_kind         TEXT,
  source_database     TEXT,
  source_backup_key   TEXT,
  source_restore_time INTEGER,
  last_error          TEXT,
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL,
  deleted_at          INTEGER,
  CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
  CHECK (state <> 'deleted' OR length(password_sealed) = 0)
) STRICT;
CREATE UNIQUE INDEX previews_live_name ON previews (project_id, name) WHERE state <> 'deleted';
CREATE UNIQUE INDEX previews_live_database ON previews (database_name) WHERE state <> 'deleted';
CREATE UNIQUE INDEX previews_live_role ON previews (role_name) WHERE state <> 'deleted';
CREATE INDEX previews_by_expiry ON previews (ttl_expires_at) WHERE state <> 'deleted';

CREATE TABLE jobs (
  id                   TEXT PRIMARY KEY CHECK (id GLOB 'job_????????????????????'),
  organization_id      TEXT NOT NULL REFERENCES organizations (id),
  project_id           TEXT REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
  preview_id           TEXT REFERENCES previews (id) DEFERRABLE INITIALLY DEFERRED,
  type                 TEXT NOT NULL CHECK (type <> ''),
  state                TEXT NOT NULL CHECK (state IN ('pending', 'running', 'completed', 'failed')),
  payload_json         TEXT NOT NULL CHECK (json_valid(payload_json)),
  secret_payload       BLOB,
  attempts             INTEGER NOT NULL CHECK (attempts >= 0),
  max_attempts         INTEGER NOT NULL CHECK (max_attempts > 0),
  crash_count          INTEGER NOT NULL CHECK (crash_count >= 0),
  run_after            INTEGER NOT NULL,
  locked_resource      TEXT CHECK (locked_resource <> ''),
  lock_mode            TEXT NOT NULL CHECK (lock_mode IN ('exclusive', 'shared')),
  claimed_at           INTEGER,
  claimed_by           TEXT CHECK (claimed_by <> ''),
  started_at           INTEGER,
  completed_at         INTEGER,
  error                TEXT,
  retry_classification TEXT CHECK (retry_classification IN ('transient', 'permanent', 'interrupted')),
  last_exit_code       INTEGER,
  last_stdout          TEXT,
  last_stderr          TEXT,
  progress             REAL CHECK (progress BETWEEN 0 AND 1),
  phase                TEXT,
  result_json          TEXT CHECK (result_json IS NULL OR json_valid(result_json)),
  checkpoint_json      TEXT CHECK (checkpoint_json IS NULL OR json_valid(checkpoint_json)),
  cancel_requested     INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
  created_at           INTEGER NOT NULL,
  updated_at           INTEGER NOT NULL,
  CHECK ((state = 'running') <= (claimed_by IS NOT NULL AND claimed_at IS NOT NULL
    AND started_at IS NOT NULL AND attempts > 0)),
  CHECK (state <> 'pending' OR claimed_by IS NULL),
  CHECK ((state IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
  CHECK (state IN ('pending', 'running') OR secret_payload IS NULL)
) STRICT;
-- Two lifecycle changes of one resource never wait in line behind each other.
CREATE UNIQUE INDEX jobs_one_exclusive ON jobs (locked_resource)
  WHERE lock_mode = 'exclusive' AND state IN ('pending', 'running');
CREATE INDEX jobs_active ON jobs (state, run_after) WHERE state IN ('pending', 'running');
CREATE INDEX jobs_by_project ON jobs (project_id, created_at DESC);

CREATE TABLE api_keys (
  id                 TEXT PRIMARY KEY CHECK (id GLOB 'key_????????????????????'),
  organization_id    TEXT NOT NULL REFERENCES organizations (id),
  name               TEXT NOT NULL CHECK (name <> ''),
  key_prefix         TEXT NOT NULL CHECK (key_prefix <> ''),
  key_hash           BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  scopes             TEXT NOT NULL CHECK (json_type(scopes) = 'array'),
  source             TEXT NOT NULL CHECK (source IN ('api', 'cli', 'agent')),
  project_id         TEXT REFERENCES projects (id),
  device_name        TEXT,
  manager            INTEGER NOT NULL CHECK (manager IN (0, 1)),
  created_by_user_id TEXT,
  created_at         INTEGER NOT NULL,
  expires_at         INTEGER,
  last_used_at       INTEGER,
  revoked_at         INTEGER
) STRICT;
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, created_at DESC);

CREATE TABLE schedules (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'sch_????????????????????'),
  project_id      TEXT NOT NULL UNIQUE REFERENCES projects (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  label           TEXT NOT NULL,
  cron_hour       INTEGER NOT NULL CHECK (cron_hour BETWEEN 0 AND 23),
  cron_minute     INTEGER NOT NULL CHECK (cron_minute BETWEEN 0 AND 59),
  is_active       INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  retention_days  INTEGER NOT NULL CHECK (retention_days > 0),
  last_job_id     TEXT REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  last_run_at     INTEGER,
  last_fired_for  INTEGER,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE backups (
  id                 TEXT PRIMARY KEY CHECK (id GLOB 'bkp_????????????????????'),
  project_id         TEXT NOT NULL REFERENCES projects (id),
  organization_id    TEXT NOT NULL REFERENCES organizations (id),
  database_name      TEXT NOT NULL CHECK (database_name <> ''),
  backup_key         TEXT NOT NULL UNIQUE CHECK (backup_key <> ''),
  label              TEXT,
  size_bytes         INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256             TEXT CHECK (length(sha256) = 64),
  state              TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'expired', 'deleting')),
  verification_state TEXT NOT NULL CHECK (verification_state IN ('pending', 'verified', 'failed')),
  verification_error TEXT,
  verified_at        INTEGER,
  schedule_id        TEXT REFERENCES schedules (id),
  retention_days     INTEGER CHECK (retention_days > 0),
  job_id             TEXT NOT NULL REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  CHECK (state <> 'completed' OR sha256 IS NOT NULL),
  CHECK ((verification_state = 'verified') = (verified_at IS NOT NULL)),
  CHECK (verification_state = 'pending' OR state <> 'running')
) STRICT;
CREATE INDEX backups_by_project ON backups (project_id, created_at DESC);
CREATE INDEX backups_by_job ON backups (job_id);

CREATE TABLE parked_databases (
  id            TEXT PRIMARY KEY CHECK (id GLOB 'prk_????????????????????'),
  project_id    TEXT REFERENCES projects (id),
  preview_id    TEXT REFERENCES previews (id),
  database_name TEXT NOT NULL UNIQUE CHECK (length(database_name) BETWEEN 1 AND 63),
  job_id        TEXT NOT NULL REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  expires_at    INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  CHECK (project_id IS NOT NULL OR preview_id IS NOT NULL)
) STRICT;

CREATE TABLE approvals (
  id          TEXT PRIMARY KEY CHECK (id GLOB 'apr_????????????????????'),
  project_id  TEXT NOT NULL REFERENCES projects (id),
  action      TEXT NOT NULL CHECK (action <> ''),
  token_hash  BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  expires_at  INTEGER NOT NULL,
  consumed_at INTEGER,
  job_id      TEXT REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  created_at  INTEGER NOT NULL,
  CHECK ((consumed_at IS NULL) = (job_id IS NULL))
) STRICT;

CREATE TABLE audit_events (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'aud_????????????????????'),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  project_id      TEXT REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED,
  action          TEXT NOT NULL CHECK (action <> ''),
  actor_kind      TEXT NOT NULL CHECK (actor_kind IN ('user', 'api_key', 'operator', 'system')),
  actor_id        TEXT,
  metadata_json   TEXT NOT NULL CHECK (json_valid(metadata_json)),
  created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_events_by_project ON audit_events (project_id, created_at DESC);
CREATE INDEX audit_events_by_organization ON audit_events (organization_id, created_at DESC);
CREATE TRIGGER audit_events_are_not_changed BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit events are never changed');
END;
CREATE TRIGGER audit_events_are_not_removed BEFORE DELETE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit events are never removed');
END;
