-- What a project's owner should look at. At most one open alert for each project and kind.
-- Kinds are free text: each part of the daemon may watch something of its own.
CREATE TABLE alerts (
  id               TEXT PRIMARY KEY CHECK (id GLOB 'alr_????????????????????'),
  project_id       TEXT NOT NULL REFERENCES projects (id),
  organization_id  TEXT NOT NULL REFERENCES organizations (id),
  kind             TEXT NOT NULL CHECK (kind <> ''),
  severity         TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
  observed_value   INTEGER NOT NULL,
  limit_value      INTEGER NOT NULL,
  triggered_at     INTEGER NOT NULL,
  acknowledged_at  INTEGER,
  resolved_at      INTEGER,
  last_notified_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alerts_one_open ON alerts (project_id, kind) WHERE resolved_at IS NULL;
CREATE INDEX alerts_by_project ON alerts (project_id, triggered_at DESC);

-- One number a day and project: how much storage it took when it was first measured that day.
CREATE TABLE storage_samples (
  project_id      TEXT NOT NULL REFERENCES projects (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  day             TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  bytes           INTEGER NOT NULL CHECK (bytes >= 0),
  PRIMARY KEY (project_id, day)
) STRICT;
CREATE INDEX storage_samples_by_organization ON storage_samples (organization_id, day);
