-- One statement for each object of this database that is neither the server's own nor part of an extension and does not belong to
-- role $1: gives it to that role. To be asked twice, since not every server gives a multirange type away with its range type. What hangs on another object (indexes, row types, arrays, sequences of columns) goes with it.
WITH owned(classid, objid, owner) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, c.relowner FROM pg_catalog.pg_class c
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't'
     AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend d
       WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass))
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typowner FROM pg_catalog.pg_type t
   WHERE (t.typtype IN ('b', 'd', 'e', 'r', 'c')
          OR (t.typtype = 'm' AND EXISTS (SELECT FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type g ON g.oid = r.rngtypid
                WHERE pg_catalog.to_jsonb(r) ->> 'rngmultitypid' = t.oid::pg_catalog.text AND pg_catalog.pg_get_userbyid(g.typowner) = $1::pg_catalog.name)))
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
     AND NOT (t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c'))
  UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, proowner FROM pg_catalog.pg_proc
  UNION ALL SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, nspowner FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprowner FROM pg_catalog.pg_operator
  UNION ALL SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, collowner FROM pg_catalog.pg_collation
  UNION ALL SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid, conowner FROM pg_catalog.pg_conversion
  UNION ALL SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid, dictowner FROM pg_catalog.pg_ts_dict
  UNION ALL SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, cfgowner FROM pg_catalog.pg_ts_config
  UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, oid, stxowner FROM pg_catalog.pg_statistic_ext
  UNION ALL SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, oid, pubowner FROM pg_catalog.pg_publication
  UNION ALL SELECT 'pg_catalog.pg_largeobject'::pg_catalog.regclass, oid, lomowner FROM pg_catalog.pg_largeobject_metadata
)
SELECT 'ALTER ' || CASE WHEN i.type IN ('function', 'procedure', 'aggregate') THEN 'routine'
                        WHEN i.type = 'statistics object' THEN 'statistics'
                        WHEN i.type = 'composite type' THEN 'type' ELSE i.type END
       || ' ' || i.identity || ' OWNER TO ' || pg_catalog.quote_ident($1)
  FROM owned o, pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
 WHERE (o.objid >= 16384 OR (o.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND i.identity = 'public'))
   AND pg_catalog.pg_get_userbyid(o.owner) <> $1::pg_catalog.name
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype = 'e')
 ORDER BY o.classid, o.objid
