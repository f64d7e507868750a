-- Who wants to be told of events, and what is still to be told: the outbox is written with the change that it tells of.

CREATE TABLE webhook_endpoints (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'whe_????????????????????'),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  url             TEXT NOT NULL CHECK (url <> ''),
  description     TEXT CHECK (description <> ''),
  event_types     TEXT NOT NULL CHECK (json_type(event_types) = 'array'),
  is_active       INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  secret_sealed   BLOB NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_by_organization ON webhook_endpoints (organization_id, created_at);

CREATE TABLE webhook_deliveries (
  id              TEXT PRIMARY KEY CHECK (id GLOB 'whd_????????????????????'),
  endpoint_id     TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  event_type      TEXT NOT NULL CHECK (event_type <> ''),
  payload         TEXT NOT NULL CHECK (json_valid(payload)),
  state           TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts        INTEGER NOT NULL CHECK (attempts >= 0),
  max_attempts    INTEGER NOT NULL CHECK (max_attempts > 0),
  next_attempt_at INTEGER NOT NULL,
  delivered_at    INTEGER,
  response_status INTEGER,
  last_error      TEXT,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at DESC);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
