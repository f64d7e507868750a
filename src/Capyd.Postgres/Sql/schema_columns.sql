-- Columns; a domain is named by itself, an array by its elements.
SELECT a.attrelid::pg_catalog.int8, a.attname::pg_catalog.text,
       pg_catalog.row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum)::pg_catalog.int4,
       pg_catalog.format_type(a.atttypid, a.atttypmod), e.typname::pg_catalog.text, en.nspname::pg_catalog.text, e.oid <> t.oid, a.attndims::pg_catalog.int4,
       e.typtype = 'e', a.attgenerated::pg_catalog.text, a.attidentity::pg_catalog.text, NOT (a.attnotnull OR t.typnotnull),
       pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.col_description(a.attrelid, a.attnum)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 AND t.typtype = 'b' THEN t.typelem ELSE t.oid END
  JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY a.attrelid, a.attnum
