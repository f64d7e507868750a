-- A restore point that is set for a moment of the past has a place in the WAL, and no name there. The rule that was in the way is part
-- of the table, so the table is made anew. Nothing refers to it.

CREATE TABLE restore_points_anew (
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
  CHECK (wal_name IS NULL OR wal_lsn IS NOT NULL)
) STRICT;
INSERT INTO restore_points_anew (
  id, project_id, organization_id, label, note, kind, state, backup_id, pitr_time, wal_name, wal_lsn,
  created_by_actor_kind, created_by_actor_id, created_at, updated_at)
SELECT
  id, project_id, organization_id, label, note, kind, state, backup_id, pitr_time, wal_name, wal_lsn,
  created_by_actor_kind, created_by_actor_id, created_at, updated_at
FROM restore_points ORDER BY rowid;
DROP TABLE restore_points;
ALTER TABLE restore_points_anew RENAME TO restore_points;
CREATE INDEX restore_points_by_project ON restore_points (project_id, created_at DESC);
CREATE INDEX restore_points_by_backup ON restore_points (backup_id) WHERE backup_id IS NOT NULL;
