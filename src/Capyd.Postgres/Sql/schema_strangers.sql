-- Whether anything is in one of the schemas $1 already; while an extension is made there, it could be called in place of what
-- the extension means.
SELECT EXISTS (
  SELECT FROM (
    SELECT oid, relnamespace AS namespace FROM pg_catalog.pg_class
    UNION ALL SELECT oid, pronamespace FROM pg_catalog.pg_proc
    UNION ALL SELECT oid, oprnamespace FROM pg_catalog.pg_operator
    UNION ALL SELECT oid, typnamespace FROM pg_catalog.pg_type
  ) o
  JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace AND n.nspname::pg_catalog.text = ANY ($1::pg_catalog.text[]))
