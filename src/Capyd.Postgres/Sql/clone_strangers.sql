-- Something in this database that belongs to, or is granted to, an ordinary role other than $1.
SELECT i.type || ' ' || i.identity || CASE s.deptype WHEN 'o' THEN ', which belongs to role ' ELSE ', which is granted to role ' END || r.rolname::pg_catalog.text
  FROM pg_catalog.pg_shdepend s
  JOIN pg_catalog.pg_database d ON d.oid = s.dbid AND d.datname = pg_catalog.current_database()
  JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND r.rolname <> $1::pg_catalog.name AND NOT r.rolsuper,
       pg_catalog.pg_identify_object(s.classid, s.objid, 0) i
 WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.deptype IN ('o', 'a')
 ORDER BY 1 LIMIT 1
