-- The indexes, and the keys that are indexes, of tables $1: table, and what an archive's contents call them (catalog, object).
-- Those with an expression or a predicate wait for all tables: its functions may read others.
WITH plain AS (
  SELECT i.indrelid, i.indexrelid, k.oid AS key
    FROM pg_catalog.pg_index i
    LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
   WHERE i.indrelid::pg_catalog.int8 = ANY ($1) AND i.indexprs IS NULL AND i.indpred IS NULL
)
SELECT p.indrelid::pg_catalog.int8,
       (CASE WHEN p.key IS NULL THEN 'pg_catalog.pg_class'::pg_catalog.regclass ELSE 'pg_catalog.pg_constraint'::pg_catalog.regclass END)::pg_catalog.oid::pg_catalog.int8,
       coalesce(p.key, p.indexrelid)::pg_catalog.int8
  FROM plain p ORDER BY p.indrelid, p.indexrelid
