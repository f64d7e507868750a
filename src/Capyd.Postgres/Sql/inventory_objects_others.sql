-- Schemas, collations, text search, publications that an ordinary role can make, and comments.
WITH member AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), space AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), publication AS (
  SELECT p.* FROM pg_catalog.pg_publication p
   WHERE NOT p.puballtables AND NOT EXISTS (
     SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class k ON k.oid = d.classid
      WHERE k.relname = 'pg_publication_namespace' AND d.refclassid = 'pg_catalog.pg_publication'::pg_catalog.regclass AND d.refobjid = p.oid)
), definition AS (
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass AS classid, s.oid AS objid, 0 AS objsubid, 'schema' AS text FROM space s
  UNION ALL
  SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, c.oid, 0,
         pg_catalog.concat_ws(E'\x1f', c.collprovider, c.collisdeterministic, c.collencoding, c.collcollate, c.collctype,
           pg_catalog.to_jsonb(c) ->> 'colliculocale', pg_catalog.to_jsonb(c) ->> 'colllocale', pg_catalog.to_jsonb(c) ->> 'collicurules')
    FROM pg_catalog.pg_collation c JOIN space s ON s.oid = c.collnamespace
  UNION ALL
  SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, d.oid, 0,
         pg_catalog.concat_ws(E'\x1f', (SELECT t.tmplname FROM pg_catalog.pg_ts_template t WHERE t.oid = d.dicttemplate), d.dictinitoption)
    FROM pg_catalog.pg_ts_dict d JOIN space s ON s.oid = d.dictnamespace
  UNION ALL
  SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, f.oid, 0,
         (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::pg_catalog.regdictionary), ',' ORDER BY m.maptokentype, m.mapseqno)
            FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = f.oid)
    FROM pg_catalog.pg_ts_config f JOIN space s ON s.oid = f.cfgnamespace
  UNION ALL
  SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, p.oid, 0,
         pg_catalog.concat_ws(E'\x1f', p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot,
           (SELECT pg_catalog.string_agg(pg_catalog.to_jsonb(t)::pg_catalog.text, ',' ORDER BY t.schemaname COLLATE "C", t.tablename COLLATE "C")
              FROM pg_catalog.pg_publication_tables t WHERE t.pubname = p.pubname))
    FROM publication p
  UNION ALL
  SELECT m.classoid, m.objoid, m.objsubid, 'comment ' || m.description
    FROM pg_catalog.pg_description m
   WHERE m.objoid >= 16384
     AND m.classoid NOT IN ('pg_catalog.pg_extension'::pg_catalog.regclass, 'pg_catalog.pg_event_trigger'::pg_catalog.regclass,
           'pg_catalog.pg_foreign_server'::pg_catalog.regclass, 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass,
           'pg_catalog.pg_subscription'::pg_catalog.regclass, 'pg_catalog.pg_language'::pg_catalog.regclass,
           'pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass)
     AND NOT (m.classoid = 'pg_catalog.pg_publication'::pg_catalog.regclass AND m.objoid NOT IN (SELECT oid FROM publication))
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE m.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = m.objoid AND c.relkind = 'f')
)
SELECT CASE WHEN d.text LIKE 'comment %' THEN 'comment on ' ELSE '' END || i.type || ' ' || i.identity AS identity,
       pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.textsend(coalesce(d.text, ''))), 'hex'), 32) AS fingerprint
  FROM definition d, pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
 WHERE i.identity IS NOT NULL
   AND (d.classid, d.objid) NOT IN (SELECT classid, objid FROM member)
