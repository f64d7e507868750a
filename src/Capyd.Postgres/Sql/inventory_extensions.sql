-- In the order of creation, so that what an extension requires comes first.
SELECT e.extname::pg_catalog.text, e.extversion, n.nspname::pg_catalog.text
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
 ORDER BY e.oid
