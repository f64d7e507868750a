-- Labels on a backup, which keep it from expiring, or on an instant, which has a name in the WAL.

CREATE TABLE restore_points (
  id                    TEXT PRIMARY KEY CHECK (id GLOB 'rp_????????????????????'),
  project_id            TEXT NOT NULL REFERENCES projects (id),
  organization_id       TEXT NOT NULL REFERENCES organizations (id),
  label                 TEXT NOT NULL CHECK (label <> ''),
  note                  TEXT,
  kind                  TEXT NOT NULL CHECK (kind IN ('backup', 'pitr')),
  state                 TEXT NOT NULL CHECK (state IN ('active', 'expired')),
  backup_id             TEXT REFERENCES backups (id),
  pitr_time             INTEGER,
  wal_name              TEXT,
  wal_lsn               TEXT,
  created_by_actor_kind TEXT NOT NULL CHECK (created_by_actor_kind IN ('user', 'api_key', 'operator', 'system')),
  created_by_actor_id   TEXT,
  created_at            INTEGER NOT NULL,
  updated_at            INTEGER NOT NULL,
  CHECK ((kind = 'backup') = (backup_id IS NOT NULL)),
  CHECK ((kind = 'pitr') = (pitr_time IS NOT NULL)),
  CHECK ((wal_name IS NULL) = (wal_lsn IS NULL))
) STRICT;
CREATE INDEX restore_points_by_project ON restore_points (project_id, created_at DESC);
CREATE INDEX restore_points_by_backup ON restore_points (backup_id) WHERE backup_id IS NOT NULL;
