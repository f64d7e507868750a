-- Organizations of a Clerk instance, and the local organization that each of them is here.

CREATE TABLE clerk_organizations (
  clerk_organization_id TEXT PRIMARY KEY CHECK (clerk_organization_id <> ''),
  organization_id       TEXT NOT NULL UNIQUE REFERENCES organizations (id),
  slug                  TEXT,
  created_at            INTEGER NOT NULL,
  updated_at            INTEGER NOT NULL
) STRICT;
