-- One JSON row about a foreign database; works as any role, from PostgreSQL 10 on.
WITH own_schemas AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e')
), foreign_keys AS (
  SELECT c.conname, sn.nspname AS source_schema, s.relname AS source_table, tn.nspname AS target_schema, t.relname AS target_table
    FROM pg_catalog.pg_constraint c
    JOIN pg_catalog.pg_class s ON s.oid = c.conrelid JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_catalog.pg_class t ON t.oid = c.confrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
   WHERE c.contype = 'f' AND sn.oid <> tn.oid AND c.conparentid = 0
)
SELECT pg_catalog.json_build_object(
  'version_number', pg_catalog.current_setting('server_version_num')::int,
  'version', pg_catalog.current_setting('server_version'),
  'size_bytes', pg_catalog.pg_database_size(pg_catalog.current_database()),
  'encoding', (SELECT pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
  'extensions', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', e.extname, 'version', e.extversion, 'schema', n.nspname) ORDER BY e.extname)
                   FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace),
  'schemas', (SELECT pg_catalog.json_agg(nspname ORDER BY nspname) FROM own_schemas),
  'event_triggers', (SELECT pg_catalog.json_agg(evtname ORDER BY evtname) FROM pg_catalog.pg_event_trigger t
                      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')),
  'roles', (SELECT pg_catalog.json_agg(rolname ORDER BY rolname) FROM pg_catalog.pg_roles
             WHERE rolname IN ('supabase_admin', 'supabase_auth_admin', 'neon_superuser', 'cloud_admin', 'rds_superuser', 'rdsadmin',
                               'cloudsqlsuperuser', 'cloudsqladmin', 'azure_pg_admin', 'azuresu', 'doadmin', 'avnadmin',
                               'crunchy_superuser', 'tsdbadmin', 'heroku_admin')),
  'policy_tables', (SELECT pg_catalog.json_agg(DISTINCT schemaname || '.' || tablename) FROM pg_catalog.pg_policies
                     WHERE qual ~ '\mauth\.(uid|jwt|role|email|user_id)\(' OR with_check ~ '\mauth\.(uid|jwt|role|email|user_id)\('),
  'foreign_keys', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('constraint', conname, 'source_schema', source_schema,
      'source_table', source_table, 'target_schema', target_schema, 'target_table', target_table) ORDER BY source_schema, source_table, conname)
      FROM foreign_keys),
  'unreadable', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('schema', u.nspname, 'name', u.relname) ORDER BY u.nspname, u.relname)
      FROM (SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN own_schemas n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'S')
               AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                 AND CASE c.relkind WHEN 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END)
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                 WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
             LIMIT 1000) u),
  'wal_level', pg_catalog.current_setting('wal_level'),
  'max_wal_senders', pg_catalog.current_setting('max_wal_senders')::int,
  'max_replication_slots', pg_catalog.current_setting('max_replication_slots')::int,
  'used_replication_slots', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots),
  'role_can_replicate', (SELECT rolreplication OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user))
