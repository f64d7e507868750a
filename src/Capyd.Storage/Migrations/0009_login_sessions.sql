-- Logins of the command line and of agents: asked for by a machine, authorized by a person, collected once as an API key.

CREATE TABLE login_sessions (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'cli_????????????????????'),
  poll_token_hash BLOB NOT NULL CHECK (length(poll_token_hash) = 32),
  source          TEXT NOT NULL CHECK (source IN ('api', 'cli', 'agent')),
  key_name        TEXT NOT NULL CHECK (key_name <> ''),
  device_name     TEXT,
  scopes          TEXT NOT NULL CHECK (json_type(scopes) = 'array'),
  key_expires_at  INTEGER,
  expires_at      INTEGER NOT NULL,
  authorized_at   INTEGER,
  organization_id TEXT REFERENCES organizations (id),
  user_id         TEXT,
  collected_at    INTEGER,
  api_key_id      TEXT REFERENCES api_keys (id),
  created_at      INTEGER NOT NULL,
  CHECK ((authorized_at IS NULL) = (organization_id IS NULL)),
  CHECK ((collected_at IS NULL) = (api_key_id IS NULL)),
  CHECK (collected_at IS NULL OR authorized_at IS NOT NULL)
) STRICT;
CREATE INDEX login_sessions_by_end ON login_sessions (expires_at);
