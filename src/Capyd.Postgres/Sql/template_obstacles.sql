-- The first of what makes a copy of this database's files other than a restored copy: default privileges, and extensions of
-- ordinary roles, which cannot be given to another role.
SELECT o.what FROM (
  SELECT 'default privileges of role ' || pg_catalog.pg_get_userbyid(a.defaclrole)::pg_catalog.text AS what FROM pg_catalog.pg_default_acl a
  UNION ALL
  SELECT 'extension ' || e.extname::pg_catalog.text || ', which belongs to role ' || r.rolname::pg_catalog.text
    FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_roles r ON r.oid = e.extowner AND NOT r.rolsuper
) o ORDER BY 1 LIMIT 1
