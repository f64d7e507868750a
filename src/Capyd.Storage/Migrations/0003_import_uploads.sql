-- Slots for files that an import takes its content from. A slot is open until the upload begins, receiving while a boot of the
-- daemon takes the bytes, uploaded once they are durable.
CREATE TABLE uploads (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'upl_????????????????????'),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  project_id      TEXT NOT NULL REFERENCES projects (id),
  state           TEXT NOT NULL CHECK (state IN ('open', 'receiving', 'uploaded')),
  received_by     TEXT CHECK (received_by <> ''),
  size_bytes      INTEGER CHECK (size_bytes > 0),
  sha256          TEXT CHECK (length(sha256) = 64),
  expires_at      INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CHECK ((state = 'receiving') = (received_by IS NOT NULL)),
  CHECK ((state = 'uploaded') = (sha256 IS NOT NULL)),
  CHECK ((state = 'uploaded') = (size_bytes IS NOT NULL))
) STRICT;
CREATE INDEX uploads_by_project ON uploads (project_id);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);
