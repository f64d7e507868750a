-- What schemas $1 hold that a script could call while its names are resolved there, and that somebody else than a superuser owns.
-- Membership of an extension proves nothing: who owns an extension can add own functions to it. At most five.
SELECT pg_catalog.pg_describe_object(o.class, o.oid, 0)
FROM (
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass AS class, oid, pronamespace AS namespace, proowner AS owner FROM pg_catalog.pg_proc
  UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprnamespace, oprowner FROM pg_catalog.pg_operator
  UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, typowner FROM pg_catalog.pg_type WHERE typtype = 'd'
) o
JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace AND n.nspname::pg_catalog.text = ANY ($1::pg_catalog.text[])
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.oid = o.owner AND r.rolsuper)
ORDER BY 1 LIMIT 5
