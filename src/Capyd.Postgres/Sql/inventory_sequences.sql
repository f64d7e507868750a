-- Values by oid, never by name: a name can be exchanged for a table under a reader with a superuser's rights.
-- A sequence that gave no value yet has none here.
SELECT n.nspname::pg_catalog.text AS schema, c.relname::pg_catalog.text AS name, pg_catalog.pg_sequence_last_value(c.oid) AS value
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
