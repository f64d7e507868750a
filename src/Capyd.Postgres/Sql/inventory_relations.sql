-- Every relation whose rows a dump carries, with the statement that counts and hashes them.
-- Parameter 1: whether the server has hash_record_extended (major 14 on).
-- Parameter 2: whether sizes are wanted; they wait for whoever is altering or loading a table.
-- The hash does not depend on row order or column order. Values of built-in types are hashed as such; all others by
-- their output text, taken through an anonymous ROW(), because a cast that a tenant defined must never be called.
-- hashint4extended(0, seed) scatters each row's hash, so that values exchanged between rows do not cancel out.
-- Generated columns are not dumped, hence not hashed; materialized views are refreshed by a restore, hence not listed.
WITH RECURSIVE base AS (
  SELECT t.oid, t.oid AS type, t.typtype, t.typbasetype FROM pg_catalog.pg_type t WHERE t.typtype <> 'p'
  UNION ALL
  SELECT b.oid, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON b.typtype = 'd' AND t.oid = b.typbasetype
), native AS (
  SELECT b.oid FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type
   WHERE $1::pg_catalog.bool AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
     AND (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END) = ANY
         ('{bool,char,name,int2,int4,int8,float4,float8,numeric,text,varchar,bpchar,bytea,uuid,date,time,timestamp,timestamptz,jsonb,inet,cidr,macaddr,oid}'::pg_catalog.regtype[])
), col AS (
  SELECT a.attrelid,
         pg_catalog.string_agg('t.' || pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FILTER (WHERE n.oid IS NOT NULL) AS native,
         pg_catalog.string_agg('t.' || pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FILTER (WHERE n.oid IS NULL) AS textual,
         pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") AS listed
    FROM pg_catalog.pg_attribute a LEFT JOIN native n ON n.oid = a.atttypid
   WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   GROUP BY a.attrelid
)
SELECT n.nspname::pg_catalog.text AS schema, c.relname::pg_catalog.text AS name, c.relpersistence::pg_catalog.text,
       pg_catalog.pg_get_userbyid(c.relowner)::pg_catalog.text AS owner,
       NOT coalesce(o.rolsuper, true) AND NOT c.relforcerowsecurity AS readable_as_owner,
       CASE WHEN $2 THEN pg_catalog.pg_table_size(c.oid) ELSE 0 END AS bytes,
       'SELECT pg_catalog.count(*), '
       || CASE WHEN l.listed IS NULL THEN 'NULL::pg_catalog.text'
               WHEN $1 THEN 'coalesce(pg_catalog.sum(pg_catalog.hashint4extended(0, pg_catalog.hash_record_extended(ROW('
                 || pg_catalog.concat_ws(', ', l.native, 'ROW(' || l.textual || ')::pg_catalog.text') || '), 0))), 0)::pg_catalog.text'
               ELSE 'coalesce(pg_catalog.sum(pg_catalog.hashtextextended(ROW(' || pg_catalog.concat_ws(', ', l.native, l.textual)
                 || ')::pg_catalog.text COLLATE pg_catalog."C", 0)), 0)::pg_catalog.text' END
       || ' FROM ONLY ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) || ' t' AS statement,
       'COPY ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) || coalesce(' (' || l.listed || ')', '')
       || ' TO STDOUT' AS copy
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
  LEFT JOIN col l ON l.attrelid = c.oid
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
