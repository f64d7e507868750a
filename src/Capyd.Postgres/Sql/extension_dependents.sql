-- What keeps extension $1 from being dropped: what depends on it or on one of its objects and is none of them. At most twenty.
WITH extension AS (SELECT oid FROM pg_catalog.pg_extension WHERE extname = $1),
member AS (
  SELECT 'pg_catalog.pg_extension'::pg_catalog.regclass AS classid, oid AS objid FROM extension
  UNION ALL
  SELECT d.classid, d.objid FROM pg_catalog.pg_depend d JOIN extension e ON d.refobjid = e.oid
  WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
)
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_catalog.pg_depend d
JOIN member m ON d.refclassid = m.classid AND d.refobjid = m.objid
WHERE d.deptype = 'n'
  AND NOT EXISTS (SELECT FROM member own WHERE own.classid = d.classid AND own.objid = d.objid)
  -- Parts of its own objects, such as the array type of a type.
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend part JOIN member own ON part.refclassid = own.classid AND part.refobjid = own.objid
    WHERE part.classid = d.classid AND part.objid = d.objid AND part.deptype = 'i')
ORDER BY 1 LIMIT 20
