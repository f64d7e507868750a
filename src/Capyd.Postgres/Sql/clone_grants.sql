-- One statement for each role but $1 that has rights on an object of this database: takes them away. A table's include its columns'.
SELECT DISTINCT 'REVOKE ALL ON ' || CASE WHEN i.type IN ('function', 'procedure', 'aggregate') THEN 'routine'
                                         WHEN i.type IN ('view', 'materialized view', 'table column', 'view column', 'materialized view column') THEN 'table'
                                         ELSE i.type END
       || ' ' || i.identity || ' FROM ' || pg_catalog.quote_ident(r.rolname) || ' CASCADE'
  FROM pg_catalog.pg_shdepend s
  JOIN pg_catalog.pg_database d ON d.oid = s.dbid AND d.datname = pg_catalog.current_database()
  JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND r.rolname <> $1::pg_catalog.name,
       pg_catalog.pg_identify_object(s.classid, s.objid, 0) i
 WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.deptype = 'a'
