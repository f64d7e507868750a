-- What is kept of the server's write-ahead log, and the base backups that it starts from. The repository can say all of this
-- again; these rows answer without reading it.

CREATE TABLE wal_archives (
  system_identifier TEXT PRIMARY KEY CHECK (system_identifier <> ''),
  major             INTEGER NOT NULL,
  segment_bytes     INTEGER NOT NULL CHECK (segment_bytes > 0),
  timeline          INTEGER NOT NULL CHECK (timeline > 0),
  ranges            TEXT NOT NULL,
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL
) STRICT;

-- One row for each whole segment, and for the last, unfinished one of a timeline that was left.
-- Commits are "<LSN> <microseconds since 1970> <transaction id>"; times are microseconds since 1970.
CREATE TABLE wal_segments (
  system_identifier TEXT NOT NULL REFERENCES wal_archives (system_identifier),
  name              TEXT NOT NULL CHECK (length(name) = 24),
  timeline          INTEGER NOT NULL,
  is_partial        INTEGER NOT NULL CHECK (is_partial IN (0, 1)),
  stored_bytes      INTEGER NOT NULL CHECK (stored_bytes >= 0),
  commits           INTEGER NOT NULL CHECK (commits >= 0),
  first_commit      TEXT,
  last_commit       TEXT,
  latest_end        INTEGER,
  restore_points    TEXT NOT NULL DEFAULT '',
  archived_at       INTEGER NOT NULL,
  PRIMARY KEY (system_identifier, name, is_partial),
  CHECK ((commits > 0) = (first_commit IS NOT NULL)),
  CHECK ((commits > 0) = (last_commit IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- to_lsn is unknown until WAL arrives again.
CREATE TABLE wal_gaps (
  id                TEXT PRIMARY KEY CHECK (id GLOB 'gap_????????????????????'),
  system_identifier TEXT NOT NULL REFERENCES wal_archives (system_identifier),
  timeline          INTEGER NOT NULL,
  from_lsn          TEXT NOT NULL,
  to_lsn            TEXT,
  reason            TEXT NOT NULL CHECK (reason <> ''),
  healed_by         TEXT REFERENCES base_backups (id),
  recorded_at       INTEGER NOT NULL,
  healed_at         INTEGER,
  CHECK ((healed_by IS NULL) = (healed_at IS NULL))
) STRICT;
CREATE INDEX wal_gaps_open ON wal_gaps (system_identifier) WHERE healed_at IS NULL;

-- name is that of the manifest in the repository. stop_at is the earliest moment that can be recovered from it.
CREATE TABLE base_backups (
  id                 TEXT PRIMARY KEY CHECK (id GLOB 'base_????????????????????'),
  name               TEXT NOT NULL UNIQUE CHECK (name <> ''),
  system_identifier  TEXT,
  state              TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'deleting', 'deleted')),
  trigger            TEXT NOT NULL CHECK (trigger IN ('manual', 'schedule', 'first', 'gap')),
  label              TEXT,
  timeline           INTEGER,
  start_lsn          TEXT,
  stop_lsn           TEXT,
  stop_at            INTEGER,
  server_version     INTEGER,
  files              INTEGER NOT NULL DEFAULT 0,
  logical_bytes      INTEGER NOT NULL DEFAULT 0,
  added_bytes        INTEGER NOT NULL DEFAULT 0,
  verification_state TEXT NOT NULL CHECK (verification_state IN ('pending', 'running', 'verified', 'failed')),
  verification_error TEXT,
  verified_at        INTEGER,
  error              TEXT,
  job_id             TEXT REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED,
  created_at         INTEGER NOT NULL,
  completed_at       INTEGER,
  updated_at         INTEGER NOT NULL,
  CHECK (state NOT IN ('completed', 'deleting') OR (system_identifier IS NOT NULL AND timeline IS NOT NULL
    AND start_lsn IS NOT NULL AND stop_lsn IS NOT NULL AND stop_at IS NOT NULL AND completed_at IS NOT NULL)),
  CHECK (state <> 'failed' OR error IS NOT NULL),
  CHECK (verification_state <> 'failed' OR verification_error IS NOT NULL)
) STRICT;
CREATE INDEX base_backups_by_age ON base_backups (created_at DESC);
