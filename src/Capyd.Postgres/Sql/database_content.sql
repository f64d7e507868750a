-- What was put into this database: tables, and what else a new database does not have. Members of extensions do not count.
WITH strangers AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, oid, relnamespace AS namespace, relkind IN ('r', 'p', 'f') AS is_table
  FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, false FROM pg_catalog.pg_proc
  UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, false FROM pg_catalog.pg_type WHERE typtype IN ('d', 'e', 'r')
)
SELECT count(*) FILTER (WHERE is_table)::pg_catalog.int4, count(*) FILTER (WHERE NOT is_table)::pg_catalog.int4
FROM strangers s JOIN pg_catalog.pg_namespace n ON n.oid = s.namespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = s.class AND d.objid = s.oid AND d.deptype = 'e')
