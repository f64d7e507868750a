-- Primary keys, unique constraints and foreign keys, with their columns in the order of the key.
SELECT k.conrelid::pg_catalog.int8, k.contype::pg_catalog.text, k.conname::pg_catalog.text,
       ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u(num, at)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.at),
       fn.nspname::pg_catalog.text, f.relname::pg_catalog.text,
       ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u(num, at)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.at),
       k.confdeltype::pg_catalog.text, k.confupdtype::pg_catalog.text
  FROM pg_catalog.pg_constraint k
  LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
  LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
 WHERE k.contype IN ('p', 'u', 'f') AND k.conrelid <> 0
 ORDER BY k.conrelid, k.conname COLLATE "C"
