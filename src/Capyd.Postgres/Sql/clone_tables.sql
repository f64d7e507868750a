-- The largest tables whose rows can be sent in binary form to another database of the same server: no value in them may hold the
-- object id of anything (arrays and rows of a tenant's types, regclass and its like do).
-- Parameter 1: least bytes; 2: at most so many. Partitions by hash are left to pg_dump, which knows when rows must be routed anew.
WITH RECURSIVE base AS (
  SELECT t.oid, t.oid AS type, t.typtype, t.typbasetype FROM pg_catalog.pg_type t WHERE t.typtype <> 'p'
  UNION ALL
  SELECT b.oid, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON b.typtype = 'd' AND t.oid = b.typbasetype
), safe AS (
  SELECT b.oid FROM base b
    JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typsend::pg_catalog.oid <> 0
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typlen = -1
   WHERE t.typtype = 'e'
      OR (t.oid < 16384 AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND coalesce(e.typtype, t.typtype) IN ('b', 'r', 'm')
          AND coalesce(e.typname, t.typname) !~ '^reg' AND coalesce(e.typname, t.typname) NOT IN ('aclitem', 'pg_node_tree', 'cstring'))
      OR (t.oid >= 16384 AND t.typtype = 'b' AND t.typelem = 0
          AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e'))
), col AS (
  SELECT a.attrelid, pg_catalog.bool_and(s.oid IS NOT NULL) AS safe,
         pg_catalog.string_agg('"' || pg_catalog.replace(a.attname, '"', '""') || '"', ', ' ORDER BY a.attnum) AS listed
    FROM pg_catalog.pg_attribute a LEFT JOIN safe s ON s.oid = a.atttypid
   WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   GROUP BY a.attrelid
)
SELECT c.oid::pg_catalog.int8, pg_catalog.pg_table_size(c.oid) AS bytes, n.nspname::pg_catalog.text, c.relname::pg_catalog.text,
       '"' || pg_catalog.replace(n.nspname, '"', '""') || '"."' || pg_catalog.replace(c.relname, '"', '""') || '"', col.listed
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN col ON col.attrelid = c.oid AND col.safe
 WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND pg_catalog.pg_table_size(c.oid) >= $1
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) a(oid)
         JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = a.oid AND p.partstrat = 'h')
 ORDER BY bytes DESC LIMIT $2
